const { default: Sequencer } = require('@jest/test-sequencer');

/** Those that take tens of seconds, the longest first. */
const LONG = [
  'local/pipeline',
  'template/pipeline',
  'schedules/schedules',
  'load',
  'package/package',
  'page/page',
  'bin/synth',
  'bench/trace',
];

/**
 * Jest begins with the largest files where it has not seen how long they take, and would end with one worker busy for a
 * minute and the other idle.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const place = ({ path }) => LONG.findIndex((name) => path.endsWith(`/test/${name}.test.ts`)) + 1 || LONG.length + 1;
    return super.sort(tests).sort((a, b) => place(a) - place(b));
  }
};
