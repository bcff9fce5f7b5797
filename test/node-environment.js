const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest gives tests an Error of their own, so errors of Node's core are no `instanceof Error` there, and the SDK hides
 * them in wrappers that it makes nowhere else: https://github.com/jestjs/jest/issues/2549
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.Error = Error;
  }
};
