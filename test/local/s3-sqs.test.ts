import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { type LocalS3AndSqs, type ObjectChanged, startS3AndSqs } from '../../local/s3-sqs/start';
import { shellWith, tellOfSkipped, testWith } from './aws-cli';
import { eventually } from './eventually';

jest.setTimeout(30_000);

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const changes: ObjectChanged[] = [];
let local: LocalS3AndSqs;
let s3: S3Client;
let sqs: SQSClient;
let buckets = 0;
let queues = 0;

beforeAll(async () => {
  local = await startS3AndSqs(0, (change) => changes.push(change));
  const client = { region: 'us-east-1', credentials: CREDENTIALS, endpoint: local.url };
  s3 = new S3Client({ ...client, forcePathStyle: true });
  sqs = new SQSClient(client);
});

afterAll(() => local.close());

async function newBucket(...keys: string[]): Promise<string> {
  buckets += 1;
  const Bucket = `bucket-${buckets}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  return Bucket;
}

tellOfSkipped('the AWS CLI', 'a listing of the local S3 was not read');

describe('a listing', () => {
  const KEYS = ['a\u0001b.html', 'c\rd\ne.html', 'f\u007f\u001f/g.html', 'plain & <b> "é" + ~.html'];

  test('has a character reference for each control character, so that XML parsers read it', async () => {
    const Bucket = await newBucket(...KEYS);
    const text = await (await fetch(`${local.url}/${Bucket}?list-type=2`)).text();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    expect(text).toContain('<Key>a&#x1;b.html</Key>');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual(KEYS);
  });

  test('is encoded as forms are, if it is asked to, with all that it quotes', async () => {
    const Bucket = await newBucket(...KEYS);
    const command = new ListObjectsV2Command({ Bucket, EncodingType: 'url', Prefix: 'f\u007f', Delimiter: '\u001f/' });
    const { EncodingType, Prefix, Delimiter, CommonPrefixes } = await s3.send(command);
    expect({ EncodingType, Prefix, Delimiter, CommonPrefixes }).toEqual({
      EncodingType: 'url',
      Prefix: 'f%7F',
      Delimiter: '%1F/',
      CommonPrefixes: [{ Prefix: 'f%7F%1F/' }],
    });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
    expect(Contents.map(({ Key }) => decodeURIComponent(Key?.replaceAll('+', ' ') ?? ''))).toEqual(KEYS);
    expect(Contents[3]?.Key).toBe('plain+%26+%3Cb%3E+%22%C3%A9%22+%2B+%7E.html');
  });

  test('goes on page by page over such keys', async () => {
    const Bucket = await newBucket(...KEYS);
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1, ContinuationToken }));
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(KEYS);
  });

  testWith('the AWS CLI')('is read by the AWS CLI', async () => {
    const Bucket = await newBucket(...KEYS);
    const shell = shellWith({ s3api: local.url });
    const { Contents } = JSON.parse(await shell(`aws s3api list-objects-v2 --bucket ${Bucket} --output json`));
    expect(Contents.map(({ Key }: { Key: string }) => Key)).toEqual(KEYS);
  });

  test('a key with a control character is deleted by name, one or many', async () => {
    const Bucket = await newBucket(...KEYS);
    const [first, ...others] = KEYS;
    await s3.send(new DeleteObjectCommand({ Bucket, Key: first }));
    const Objects = others.map((Key) => ({ Key }));
    const { Deleted = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted.map(({ Key }) => Key)).toEqual(others);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  });
});

describe('a key of more than 1,024 bytes', () => {
  const refused = { name: 'KeyTooLongError', $metadata: { httpStatusCode: 400 } };

  test.each([
    ['in ASCII', 'k'.repeat(1_025)],
    ['in two bytes a character', 'é'.repeat(513)],
    ['in folders', 'folder/'.repeat(147)],
  ])('is refused, %s, and no change is told of', async (_, Key) => {
    const Bucket = await newBucket();
    await expect(s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))).rejects.toMatchObject(refused);
    await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject(refused);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'after', Body: 'x' }));
    await eventually(
      () => changes.filter((change) => change.bucket === Bucket).map(({ key }) => key),
      (keys) => keys.includes('after'),
    );
    expect(changes.filter((change) => change.bucket === Bucket)).toHaveLength(1);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(1);
  });

  test('is one byte too long: 1,024 are not', async () => {
    await expect(newBucket('é'.repeat(512))).resolves.toBeDefined();
  });
});

describe('an absent object', () => {
  const statusOf = async (path: string, method = 'GET') => (await fetch(local.url + path, { method })).status;

  test('is forbidden to who may not list the bucket, as for CloudFront with an origin access control', async () => {
    const Bucket = await newBucket('there');
    expect(await statusOf(`/${Bucket}/there`)).toBe(200);
    expect(await statusOf(`/${Bucket}/absent`)).toBe(403);
    expect(await statusOf(`/${Bucket}/absent`, 'HEAD')).toBe(403);
    const answer = await fetch(`${local.url}/${Bucket}/absent`);
    expect(await answer.text()).toContain('<Code>AccessDenied</Code>');
  });

  test('is absent to its owner', async () => {
    const Bucket = await newBucket();
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'absent' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
    const head = s3.send(new HeadObjectCommand({ Bucket, Key: 'absent' }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  test.each([
    ['CloudFront may list it', { Service: 'cloudfront.amazonaws.com' }, ['s3:GetObject', 's3:ListBucket'], 404],
    ['everybody may', '*', 's3:*', 404],
    ['CloudFront may get objects alone', { Service: 'cloudfront.amazonaws.com' }, 's3:GetObject', 403],
    ['a role of the app may', { AWS: 'arn:aws:iam::123456789012:role/r' }, 's3:List*', 403],
  ])('where %s', async (_, Principal, Action, status) => {
    const Bucket = await newBucket();
    const Policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action, Resource: '*' }] });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect(await statusOf(`/${Bucket}/absent`)).toBe(status);
  });
});

describe('files that are loaded', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 's3-sqs-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are objects, of which nobody is notified; what cannot be read is named', async () => {
    const { queue, arn } = await newQueue();
    const Bucket = await newBucket();
    const QueueConfigurations = [{ QueueArn: arn, Events: ['s3:ObjectCreated:*' as const] }];
    const NotificationConfiguration = { QueueConfigurations };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    const files = await Promise.all(
      Array.from({ length: 250 }, async (_, at) => {
        const path = join(folder, `${at}.html`);
        await writeFile(path, `page ${at}`);
        return { key: `a b/é+${at}.html`, path, contentType: 'text/html' };
      }),
    );
    const progress: number[] = [];
    const absent = { key: 'absent', path: join(folder, 'absent'), contentType: 'text/html' };
    const { failed } = await local.load(Bucket, [...files, absent], (loaded) => progress.push(loaded));
    expect(failed).toEqual([{ key: 'absent', code: 'ENOENT' }]);
    expect(progress).toEqual([100, 200]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(250);
    const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'a b/é+7.html' }));
    expect([object.ContentType, await object.Body?.transformToString()]).toEqual(['text/html', 'page 7']);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'after', Body: 'x' }));
    await eventually(
      () => countOf(queue),
      (count) => count >= 2,
    );
    // S3's test event, and the one change.
    expect(await countOf(queue)).toBe(2);
    expect(changes.filter((change) => change.bucket === Bucket).map(({ key }) => key)).toEqual(['after']);
  });
});

async function newQueue(attributes: Record<string, string> = {}): Promise<{ queue: string; arn: string }> {
  queues += 1;
  const command = new CreateQueueCommand({ QueueName: `queue-${queues}`, Attributes: attributes });
  const { QueueUrl: queue = '' } = await sqs.send(command);
  const named = new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['QueueArn'] });
  return { queue, arn: (await sqs.send(named)).Attributes?.QueueArn ?? '' };
}

async function countOf(QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return Number(Attributes?.ApproximateNumberOfMessages);
}

describe('a redrive', () => {
  async function withDeadLetters(bodies: readonly string[]) {
    const dead = await newQueue();
    const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 });
    const live = await newQueue({ RedrivePolicy: redrive });
    for (const MessageBody of bodies) {
      const MessageAttributes = { from: { DataType: 'String', StringValue: MessageBody } };
      await sqs.send(new SendMessageCommand({ QueueUrl: dead.queue, MessageBody, MessageAttributes }));
    }
    return { dead, live };
  }

  const tasksOf = async (SourceArn: string) =>
    (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 10 }))).Results ?? [];

  async function ended(arn: string) {
    const [task] = await eventually(
      () => tasksOf(arn),
      ([newest]) => !['RUNNING', 'CANCELLING'].includes(newest?.Status ?? ''),
    );
    return task;
  }

  test('moves all messages back to where they were, attributes and all', async () => {
    const bodies = Array.from({ length: 25 }, (_, at) => `m${at}`);
    const { dead, live } = await withDeadLetters(bodies);
    const { TaskHandle } = await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
    expect(TaskHandle).toMatch(/^\w+=*$/);
    expect(await ended(dead.arn)).toMatchObject({
      Status: 'COMPLETED',
      SourceArn: dead.arn,
      ApproximateNumberOfMessagesMoved: 25,
      ApproximateNumberOfMessagesToMove: 25,
    });
    expect([await countOf(dead.queue), await countOf(live.queue)]).toEqual([0, 25]);
    const receive = new ReceiveMessageCommand({ QueueUrl: live.queue, MessageAttributeNames: ['All'] });
    const { Messages: [message] = [] } = await sqs.send(receive);
    expect(message?.MessageAttributes?.from?.StringValue).toBe(message?.Body);
  });

  test('moves them to another queue, if that is named', async () => {
    const { dead, live } = await withDeadLetters(['a', 'b']);
    const other = await newQueue();
    const task = { SourceArn: dead.arn, DestinationArn: other.arn };
    await sqs.send(new StartMessageMoveTaskCommand(task));
    expect(await ended(dead.arn)).toMatchObject({ Status: 'COMPLETED', DestinationArn: other.arn });
    expect([await countOf(live.queue), await countOf(other.queue)]).toEqual([0, 2]);
  });

  test('is one at a time, and can be cancelled', async () => {
    const { dead } = await withDeadLetters(['a', 'b', 'c', 'd']);
    const task = { SourceArn: dead.arn, MaxNumberOfMessagesPerSecond: 1 };
    const { TaskHandle } = await sqs.send(new StartMessageMoveTaskCommand(task));
    const again = sqs.send(new StartMessageMoveTaskCommand(task));
    await expect(again).rejects.toMatchObject({ name: 'UnsupportedOperation' });
    await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    expect(await ended(dead.arn)).toMatchObject({ Status: 'CANCELLED' });
    expect(await countOf(dead.queue)).toBeGreaterThan(0);
    const cancel = sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    await expect(cancel).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  });

  test('is of a dead-letter queue that exists', async () => {
    const { live } = await withDeadLetters([]);
    const start = (SourceArn: string) => sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    await expect(start(`${live.arn}-not`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(start(live.arn)).rejects.toThrow('Source queue must be configured as a Dead Letter Queue.');
    const list = sqs.send(new ListMessageMoveTasksCommand({ SourceArn: `${live.arn}-not` }));
    await expect(list).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
