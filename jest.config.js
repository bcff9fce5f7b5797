const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/node-environment.js',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/temporary-folder.js',
  testSequencer: '<rootDir>/test/long-first.js',
  // Much of the time is spent waiting for other processes.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // A busy machine is slow, which is no fault of a test.
  testTimeout: 60_000,
  globals: { LONG: false },
  // TypeScript 7 has no compiler API for ts-jest: swc strips the types, `tsc --noEmit` checks them.
  transform: {
    '^.+\\.m?ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' }],
  },
};
