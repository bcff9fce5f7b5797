const { default: Sequencer } = require('@jest/test-sequencer');

/** Those that take longest, the longest first. */
const LONG = [
  'schedules/schedules',
  'package/package',
  'local/pipeline',
  'template/pipeline',
  'local/command',
  'load',
  'lib/monitoring/alarms',
  'e2e/experiments',
  'bench/trace',
  'docs/aws-cli',
  'bin/synth',
  'page/page',
  'local/aws-cli',
  'cli/plan',
  'lambda/refused',
  'lambda/dispatch/spending-limit',
  'lambda/bucket/list-objects',
  'local/once',
  'lib/oldest-cdk',
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
