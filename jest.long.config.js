/** `npm run long`: the tests of which more is better, with much more of it. @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config'),
  testMatch: [
    '<rootDir>/test/fuzz/*.test.ts',
    '<rootDir>/test/bench/as-it-arrives.test.ts',
    '<rootDir>/test/local/counted.test.ts',
  ],
  globals: { LONG: true },
};
