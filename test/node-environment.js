const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest's environment, but for two things.
 *
 * Its global object is a real one. Jest makes a context of a proxy: there, each look-up of a global such as `Object` is a
 * call, and takes some fifty times as long as in Node itself.
 *
 * Errors are Node's own. Jest gives tests an Error of their own, so errors of Node's core are no `instanceof Error` there,
 * and the SDK hides them in wrappers that it makes nowhere else: https://github.com/jestjs/jest/issues/2549
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
    this.global.Error = Error;
  }
};
