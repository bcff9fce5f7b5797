import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { REQUESTED } from '../../lambda/contract/requests';
import { parseInvalidate } from '../../lambda/event/request';
import { type LocalCloudFront, startCloudFront } from '../../local/cloudfront/server';
import { type LocalDynamoDB, startDynamoDB } from '../../local/dynamodb/server';
import { type LocalS3AndSqs, startS3AndSqs } from '../../local/s3-sqs/start';
import { type Need, type Shell, shellWith, tellOfSkipped, testWith } from '../local/aws-cli';
import { eventually } from '../local/eventually';
import { LEDGER_TABLE } from '../local/ledger-table';
import { PAGES } from './pages';
import { commandsOf, pipelineScriptsOf } from './printed-commands';
import { type Recorder, startRecorder } from './recorder';

const PROJECT = join(__dirname, '../..');
const DISTRIBUTION = 'E123EXAMPLE';
const SITE_BUCKET = 'site-bucket';

const printed = new Set(
  [...PAGES]
    // Its commands are run by test/template/deploy.
    .filter(([name]) => !name.endsWith('without-cdk.md'))
    .flatMap(([, page]) => [...commandsOf(page), ...pipelineScriptsOf(page)])
    .filter((command) => command.startsWith('aws ')),
);

let cloudFront: LocalCloudFront;
let local: LocalS3AndSqs;
let dynamoDB: LocalDynamoDB;
/** Of the services that are not on this machine. */
let recorder: Recorder;
let shell: Shell;
let s3: S3Client;
let sqs: SQSClient;
let folder: string;
let buckets = 0;
let queues = 0;

beforeAll(async () => {
  cloudFront = await startCloudFront({ distributions: [DISTRIBUTION], completesAfter: 0 });
  local = await startS3AndSqs(0);
  dynamoDB = await startDynamoDB();
  recorder = await startRecorder();
  const client = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  s3 = new S3Client({ ...client, endpoint: local.url, forcePathStyle: true });
  sqs = new SQSClient({ ...client, endpoint: local.url });
  folder = await mkdtemp(join(tmpdir(), 'printed-'));
  shell = shellWith({
    cloudfront: cloudFront.url,
    's3 | s3api': local.url,
    sqs: local.url,
    dynamodb: dynamoDB.url,
    'events | lambda | logs': recorder.url,
  });
});

afterAll(async () => {
  await cloudFront.close();
  await local.close();
  await dynamoDB.close();
  await recorder.close();
});

/** Runs a command as it is printed, with the names that are here in the place of those that stand for the reader's. */
async function run(command: string, names: Readonly<Record<string, string>> = {}, cwd = folder): Promise<string> {
  const all: Readonly<Record<string, string>> = { DISTRIBUTION_ID: DISTRIBUTION, ...names };
  return shell(
    command.replace(/\b[A-Z]+(?:_[A-Z]+)+\b|\bUUID\b/g, (name) => all[name] ?? name),
    cwd,
  );
}

async function newBucket(name?: string): Promise<string> {
  buckets += 1;
  const Bucket = name ?? `bucket-${buckets}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

async function newQueue(Attributes: Record<string, string> = {}): Promise<{ url: string; arn: string }> {
  queues += 1;
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `queue-${queues}`, Attributes }));
  const named = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
  return { url, arn: (await sqs.send(named)).Attributes?.QueueArn ?? '' };
}

async function sendTo(QueueUrl: string, bodies: readonly string[]): Promise<void> {
  const MessageAttributes = { ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' } };
  for (const MessageBody of bodies)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
}

/** The bodies of a queue, once there are so many. */
async function received(QueueUrl: string, count: number): Promise<string[]> {
  const bodies: string[] = [];
  await eventually(
    async () => {
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
      bodies.push(...((await sqs.send(receive)).Messages ?? []).map(({ Body = '' }) => Body));
      return bodies.length;
    },
    (length) => length >= count,
  );
  return bodies.toSorted();
}

async function keysOf(Bucket: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

async function isThere(Bucket: string): Promise<boolean> {
  return s3.send(new ListObjectsV2Command({ Bucket })).then(
    () => true,
    () => false,
  );
}

/** A folder of the reader's, with a site in it; and a bucket for that, which keeps what other tests have put there. */
async function siteFolder(): Promise<string> {
  const own = await mkdtemp(join(folder, 'own-'));
  await mkdir(join(own, 'site/docs'), { recursive: true });
  await writeFile(join(own, 'site/index.html'), 'home');
  await writeFile(join(own, 'site/docs/opening hours é+.html'), 'hours');
  if (!(await isThere(SITE_BUCKET))) await newBucket(SITE_BUCKET);
  return own;
}

/** What shows that a command does what its page says, by the command's beginning. */
const JUDGES: Readonly<Record<string, (command: string) => Promise<void>>> = {
  'aws cloudfront create-invalidation': async (command) => {
    const { Invalidation } = JSON.parse(await run(command));
    expect(cloudFront.invalidations.at(-1)).toMatchObject({ id: Invalidation.Id, paths: ['/*'] });
  },

  'aws cloudfront list-invalidations': async (command) => {
    await run(`aws cloudfront create-invalidation --distribution-id ${DISTRIBUTION} --paths /a '/b*' '#tag'`);
    const { InvalidationList } = JSON.parse(await run(command));
    const { id: Id } = cloudFront.invalidations.at(-1) ?? {};
    expect(InvalidationList.Items[0]).toEqual({ Id, Status: 'Completed', CreateTime: expect.any(String) });
    expect(InvalidationList.Items).toHaveLength(cloudFront.invalidations.length);
  },

  'aws cloudfront wait invalidation-completed': async (command) => {
    const create = `aws cloudfront create-invalidation --distribution-id ${DISTRIBUTION} --paths '/*'`;
    const { Invalidation } = JSON.parse(await run(create));
    expect(await run(command, { INVALIDATION_ID: Invalidation.Id })).toBe('');
    await expect(run(command, { INVALIDATION_ID: 'INONE' })).rejects.toThrow('NoSuchInvalidation');
  },

  'aws s3 cp local/site/index.html': async (command) => {
    const BUCKET_NAME = await newBucket();
    await run(command, { BUCKET_NAME }, PROJECT);
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET_NAME, Key: 'index.html' }));
    const { length } = await readFile(join(PROJECT, 'local/site/index.html'));
    expect(head).toMatchObject({ ContentLength: length, ContentType: 'text/html' });
  },

  'aws s3 cp cat.jpg': async (command) => {
    const own = await siteFolder();
    await writeFile(join(own, 'cat.jpg'), 'cat');
    await run(command, {}, own);
    const head = await s3.send(new HeadObjectCommand({ Bucket: SITE_BUCKET, Key: 'images/cat.jpg' }));
    expect(head.Metadata).toEqual({ 'cache-tag': 'image:cat' });
  },

  'aws s3 sync site s3://site-bucket --delete': async (script) => {
    const own = await siteFolder();
    const files = ['old/opening hours é+.html', 'old/a.html'].map((key) => ({
      key,
      path: join(own, 'site/index.html'),
      contentType: 'text/html',
    }));
    await local.load(SITE_BUCKET, files);
    await run(script, {}, own);
    expect(await keysOf(SITE_BUCKET)).toEqual(['docs/opening hours é+.html', 'index.html']);
    const deleted = (await readFile(join(own, 'deleted.txt'), 'utf8')).trim().split('\n');
    expect(deleted).toEqual(expect.arrayContaining(files.map(({ key }) => key)));
  },

  'aws s3 sync site s3://site-bucket': async (command) => {
    const own = await siteFolder();
    await run(command, {}, own);
    expect(await keysOf(SITE_BUCKET)).toEqual(expect.arrayContaining(['docs/opening hours é+.html', 'index.html']));
  },

  'aws s3api list-objects-v2': async (command) => {
    const BUCKET_NAME = await newBucket();
    // More than a page of S3's, and names that a list may spoil.
    const keys = ['a b/é+1.html', '100%25.html', ...Array.from({ length: 1_001 }, (_, at) => `page-${at}.html`)];
    const path = join(PROJECT, 'local/site/index.html');
    await local.load(
      BUCKET_NAME,
      keys.map((key) => ({ key, path, contentType: 'text/html' })),
    );
    await run(command, { BUCKET_NAME });
    const listed = (await readFile(join(folder, 'objects.txt'), 'utf8')).trimEnd().split('\n');
    expect(listed).toEqual(keys.toSorted());
  },

  'aws sqs receive-message --queue-url UNDELIVERED_EVENTS_URL --message-attribute-names': async (command) => {
    const { url } = await newQueue();
    await sendTo(url, ['{"source":"aws.s3"}']);
    const { Messages } = JSON.parse(await run(command, { UNDELIVERED_EVENTS_URL: url }));
    expect(Messages).toMatchObject([
      { Body: '{"source":"aws.s3"}', MessageAttributes: { ERROR_CODE: { StringValue: 'NO_PERMISSIONS' } } },
    ]);
    // It was looked at only.
    expect(await received(url, 1)).toEqual(['{"source":"aws.s3"}']);
  },

  'aws sqs receive-message --queue-url UNDELIVERED_EVENTS_URL --max-number-of-messages': async (command) => {
    const [undelivered, queue] = [await newQueue(), await newQueue()];
    const names = { UNDELIVERED_EVENTS_URL: undelivered.url, QUEUE_URL: queue.url };
    const bodies = ['{"key":"a b/\\"é\\" \\\\ 💩 $(x) `y` .html"}', '{"key":"-b"}', ' {"key": "c  d"}'];
    await sendTo(undelivered.url, bodies);
    const answers = await run(command, names);
    expect(answers.match(/MessageId/g)).toHaveLength(3);
    expect(await received(queue.url, 3)).toEqual(bodies.toSorted());
    expect(await run(command, names)).toBe('');
  },

  'aws sqs start-message-move-task': async (command) => {
    const dead = await newQueue();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 });
    const live = await newQueue({ RedrivePolicy });
    await sendTo(dead.url, ['a', 'b']);
    const { TaskHandle } = JSON.parse(await run(command, { DEAD_LETTER_QUEUE_URL: dead.url }));
    expect(TaskHandle).toMatch(/^\w+=*$/);
    expect(await received(live.url, 2)).toEqual(['a', 'b']);
  },

  'aws lambda list-event-source-mappings': async (command) => {
    const mapping = { UUID: 'uuid-1', EventSourceArn: 'arn:aws:sqs:eu-west-1:1:q', State: 'Enabled' };
    recorder.answers.set('/2015-03-31/event-source-mappings', { EventSourceMappings: [mapping] });
    expect(await run(command)).toBe(`${Object.values(mapping).join('\t')}\n`);
  },

  'aws lambda update-event-source-mapping': async (command) => {
    await run(command, { UUID: 'uuid-1' });
    const { method, target, body } = recorder.requests.at(-1) ?? { body: '{}' };
    expect([method, target]).toEqual(['PUT', '/2015-03-31/event-source-mappings/uuid-1']);
    expect(JSON.parse(body)).toEqual({ Enabled: false });
  },

  'aws events put-events': async (command) => {
    await run(command);
    const { target, body = '{}' } = recorder.requests.at(-1) ?? {};
    expect(target).toBe('AWSEvents.PutEvents');
    const [entry] = JSON.parse(body).Entries;
    expect(entry.DetailType).toBe(REQUESTED);
    expect(parseInvalidate(JSON.parse(entry.Detail).invalidate)).toEqual({
      distribution: DISTRIBUTION,
      items: ['#product:7'],
    });
  },

  'aws dynamodb get-item': async (command) => {
    const { AttributeDefinitions, KeySchema } = LEDGER_TABLE.Properties;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new DynamoDBClient({ region: 'us-east-1', endpoint: dynamoDB.url, credentials });
    const TableName = 'ledger';
    const table = { TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' };
    await client.send(new CreateTableCommand(table as CreateTableCommandInput));
    const lease = { holder: { S: 'request-1' }, expires: { N: '1700000000000' } };
    const Item = { distribution: { S: DISTRIBUTION }, ledger: { B: Buffer.from('x') }, ...lease };
    await eventually(
      () =>
        client.send(new PutItemCommand({ TableName, Item })).then(
          () => true,
          () => false,
        ),
      (isPut) => isPut,
    );
    client.destroy();
    expect(JSON.parse(await run(command, { LEDGER_TABLE: TableName }))).toEqual({ Item: lease });
  },

  'aws logs tail': async (command) => {
    const event = {
      timestamp: 1_700_000_000_000,
      ingestionTime: 0,
      logStreamName: 's',
      eventId: '1',
      message: '{"a":1}',
    };
    recorder.answers.set('Logs_20140328.FilterLogEvents', { events: [event] });
    expect(await run(command, { LOG_GROUP_NAME: '/aws/lambda/f' })).toContain('{"a":1}');
    expect(JSON.parse(recorder.requests.at(-1)?.body ?? '')).toMatchObject({
      logGroupName: '/aws/lambda/f',
      startTime: expect.any(Number),
    });
  },
};

/** The most specific one. */
function judgeOf(command: string): string | undefined {
  return Object.keys(JUDGES)
    .filter((beginning) => command.replace(/\s+/g, ' ').startsWith(beginning))
    .toSorted((a, b) => b.length - a.length)[0];
}

test('every printed command of the AWS CLI has a judge, and every judge a command', () => {
  expect([...printed].filter((command) => judgeOf(command) === undefined)).toEqual([]);
  expect(new Set([...printed].map(judgeOf))).toEqual(new Set(Object.keys(JUDGES)));
});

function needOf(command: string): Need {
  if (command.startsWith('aws sqs')) return 'the AWS CLI 1.30 or 2.14, or a newer one';
  return command.startsWith('aws logs tail') ? 'the AWS CLI 2' : 'the AWS CLI';
}

for (const [need, commands] of Map.groupBy(printed, needOf)) {
  tellOfSkipped(need, `printed commands were not run, ${commands.length} of ${printed.size}`);
  testWith(need).each(commands)('%s', async (command) => {
    await JUDGES[judgeOf(command) ?? '']?.(command);
  });
}
