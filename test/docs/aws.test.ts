import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = join(__dirname, '../..');

/** A page as one reads it: its lines are the renderer's. */
function read(page: string): string {
  return readFileSync(join(PROJECT, page), 'utf8').replace(/\s+/g, ' ');
}

/** What AWS's documentation says, and people were told otherwise or not at all. */
const SAID: readonly (readonly [subject: string, page: string, told: RegExp, source: string])[] = [
  [
    'what events on EventBridge may cost, and how sure that is',
    'docs/buckets.md',
    /Expect \$1 per million events\. AWS's own pages disagree\. .* opt-in data events/,
    'https://aws.amazon.com/eventbridge/pricing/',
  ],
  [
    'that all events of the bucket are sent, and go on after uninstalling',
    'docs/buckets.md',
    /sends every event of the bucket to it, .* continues after the invalidator is uninstalled/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html',
  ],
  [
    'that uninstalling leaves EventBridge on',
    'docs/operations.md',
    /still sends all its events to it, which \[may cost\]/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html',
  ],
  [
    'which of one region and one account is whose demand',
    'docs/limits.md',
    /one region: S3 requires that. With the distribution they must be in one AWS account: this tool requires that/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html',
  ],
  [
    'that a second destination is refused for the same event type',
    'docs/buckets.md',
    /does not accept a second destination for the same event type/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html',
  ],
  [
    'that a second destination is refused for the same event type',
    'docs/limits.md',
    /notifications of one event type for an object to one destination only/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html',
  ],
  [
    'that changed notifications take five minutes, in the first try',
    'README.md',
    /\b[Ww]ait five minutes[,:] .*?S3 may .* aws s3 cp/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html',
  ],
  [
    'that changed notifications take five minutes, in the first try',
    'docs/deploy.md',
    /\b[Ww]ait five minutes[,:] .*?S3 may .* aws s3 cp/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html',
  ],
  [
    'that attaching ends with one invalidation by hand',
    'docs/deploy.md',
    /## Attach to what you have.* Wait five minutes\. Until S3 applies .* create-invalidation --distribution-id \w+ --paths '\/\*'/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html',
  ],
  [
    'that the first deployment of the template ends with one invalidation by hand',
    'docs/without-cdk.md',
    /## After the first deployment S3 may need five minutes .* create-invalidation --distribution-id \w+ --paths '\/\*'/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html',
  ],
  [
    'that EventBridge takes five minutes',
    'docs/buckets.md',
    /It takes about five minutes to take effect/,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html',
  ],
  [
    'that a redrive gives new ids, and a retention that begins anew',
    'docs/operations.md',
    /SQS sends them as new messages\. They have new ids, .* Their retention starts again/,
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html',
  ],
  [
    'that what is stuck has a new id after a redrive',
    'docs/operations.md',
    /\*\*What is stuck, and why\*\*.* \[sent back\]\S+ has a new id/,
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html',
  ],
  [
    'how long a line of the log may be',
    'docs/operations.md',
    /A line may hold 1 MB/,
    'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html',
  ],
  [
    'what happens with 120,000 messages in flight',
    'docs/operations.md',
    /120,000\?.* SQS then gives out no more of them, without an error, .* Nothing is lost/,
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html',
  ],
  [
    'that the log has no reports of successful invocations',
    'docs/operations.md',
    /only those of failures, because the function's system log level is `WARN`/,
    'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html',
  ],
  [
    'that the log has no reports of successful invocations',
    'docs/log.md',
    /has those of failures, such as timeouts, and \[none of successful invocations\]/,
    'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html',
  ],
  [
    'that SQS reports no queue that nobody has used for six hours',
    'docs/operations.md',
    /SQS stops reporting a queue that nobody has used for six hours/,
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html',
  ],
];

test.each(SAID)('it is told %s: %s', (_, page, told) => {
  expect(told.test(read(page))).toBe(true);
});

test('nothing is said that these contradict', () => {
  const pages = [
    'README.md',
    'docs/limits.md',
    'docs/costs.md',
    'docs/deploy.md',
    'docs/buckets.md',
    'docs/operations.md',
  ]
    .map(read)
    .join('\n');
  const contradictions = /events cost nothing|That costs nothing|in one AWS account and one region, as S3/;
  expect(contradictions.exec(pages)).toBeNull();
});

test('the CDK accepts the command that removes the bundle', () => {
  const [, command = ''] = /`npx (cdk gc[^`]*)`/.exec(read('docs/operations.md')) ?? [];
  const cwd = mkdtempSync(join(tmpdir(), 'no-app-'));
  const [, ...args] = command.split(' ');
  const { stderr, stdout } = spawnSync(process.execPath, [join(PROJECT, 'node_modules/aws-cdk/bin/cdk'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'eu-west-1' },
  });
  // It looks for what to clean, and here there is neither an app nor an account.
  expect(stdout + stderr).toContain('Specify an environment name');
});
