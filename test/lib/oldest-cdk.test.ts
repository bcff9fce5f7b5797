import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { exports: entries } = jest.requireActual('oldest-aws-cdk-lib/package.json');

// Every way into the library leads to the oldest one, so that no test gets half of each.
for (const entry of Object.keys(entries)) {
  jest.doMock(entry.replace('.', 'aws-cdk-lib'), () => jest.requireActual(entry.replace('.', 'oldest-aws-cdk-lib')), {
    virtual: true,
  });
}

test('the CDK of these tests is the oldest that the package takes', () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  expect(`^${require('aws-cdk-lib/package.json').version}`).toBe(peerDependencies['aws-cdk-lib']);
});

require('./placement.test');
require('./events.test');
require('./encryption.test');
require('./distribution/bucket.test');
require('./conflicts.test');
require('./limits.test');
require('./alarm-topic.test');
