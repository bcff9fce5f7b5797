import './silent';
import S3 from 'aws-sdk/clients/s3';
import SQS from 'aws-sdk/clients/sqs';
import { type LocalS3AndSqs, type ObjectChanged, startS3AndSqs } from '../../../local/s3-sqs/start';
import { eventually } from '../eventually';

const changes: ObjectChanged[] = [];
let local: LocalS3AndSqs;
let s3: S3;
let sqs: SQS;
let buckets = 0;
let queues = 0;

beforeAll(async () => {
  local = await startS3AndSqs(0, (change) => changes.push(change));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { region: 'us-east-1', endpoint: local.url, credentials, maxRetries: 0 };
  s3 = new S3({ ...config, s3ForcePathStyle: true });
  sqs = new SQS(config);
});

afterAll(() => local.close());

async function newBucket(...keys: string[]): Promise<string> {
  buckets += 1;
  const Bucket = `bucket-${buckets}`;
  await s3.createBucket({ Bucket }).promise();
  for (const Key of keys) await s3.putObject({ Bucket, Key, Body: `body of ${Key}` }).promise();
  return Bucket;
}

function refused(code: string, statusCode: number) {
  return expect.objectContaining({ code, statusCode });
}

/** In the order of their bytes, as S3 lists them. */
const ODD_KEYS = [
  '%20',
  '&<>"\'',
  '../up',
  '/first',
  'a b/é+1.html',
  'a//b',
  'c\rd\ne',
  'q?x=1#y',
  'trailing ',
  'x\u0001y\u007f',
  '~tilde',
  '💩',
];

describe('S3', () => {
  test('keeps odd keys, tells of their changes, and lists them, page by page', async () => {
    const Bucket = await newBucket(...ODD_KEYS.toReversed());
    await eventually(
      () => changes.filter(({ bucket }) => bucket === Bucket),
      (of) => of.length === ODD_KEYS.length,
    );
    expect(changes.filter(({ bucket }) => bucket === Bucket).map(({ key }) => key)).toEqual(ODD_KEYS.toReversed());
    for (const Key of ODD_KEYS) {
      expect(String((await s3.getObject({ Bucket, Key }).promise()).Body)).toBe(`body of ${Key}`);
    }
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.listObjectsV2({ Bucket, MaxKeys: 5, ContinuationToken }).promise();
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen).toEqual(ODD_KEYS);
  });

  test('lists in the first version, too, with markers, encoded if that is asked for', async () => {
    const Bucket = await newBucket(...ODD_KEYS);
    const first = await s3.listObjects({ Bucket, MaxKeys: 4 }).promise();
    const Marker = first.Contents?.at(-1)?.Key;
    const second = await s3.listObjects({ Bucket, Marker, EncodingType: 'url' }).promise();
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(ODD_KEYS.slice(0, 4));
    const decoded = second.Contents?.map(({ Key = '' }) => decodeURIComponent(Key.replaceAll('+', ' ')));
    expect(decoded).toEqual(ODD_KEYS.slice(4));
    const folders = await s3.listObjectsV2({ Bucket, Delimiter: '/', Prefix: 'a' }).promise();
    expect(folders.CommonPrefixes).toEqual([{ Prefix: 'a b/' }, { Prefix: 'a/' }]);
  });

  test('deletes them, one or many', async () => {
    const Bucket = await newBucket(...ODD_KEYS);
    const [Key = '', ...others] = ODD_KEYS;
    await s3.deleteObject({ Bucket, Key }).promise();
    const Delete = { Objects: others.map((each) => ({ Key: each })) };
    const { Deleted = [] } = await s3.deleteObjects({ Bucket, Delete }).promise();
    expect(Deleted.map((each) => each.Key)).toEqual(others);
    expect(await s3.listObjectsV2({ Bucket }).promise()).toMatchObject({ KeyCount: 0, Contents: [] });
  });

  test('keeps what is uploaded at once, and in parts, with type and metadata', async () => {
    const Bucket = await newBucket();
    // Of more than a megabyte, SDK v2 asks first whether to go on.
    const large = Buffer.alloc(2_000_000, 'large');
    const object = { Bucket, ContentType: 'text/html; charset=utf-8', Metadata: { 'cache-tag': 'image:cat' } };
    await s3.putObject({ ...object, Key: 'large', Body: large }).promise();
    const parts = Buffer.alloc(6_000_000, 'parts');
    await s3.upload({ ...object, Key: 'parts', Body: parts }, { partSize: 5 * 1024 * 1024 }).promise();
    for (const [Key, body] of [['large', large] as const, ['parts', parts] as const]) {
      const { Body, ContentType, Metadata } = await s3.getObject({ Bucket, Key }).promise();
      expect([ContentType, Metadata, body.equals(Body as Buffer)]).toEqual([object.ContentType, object.Metadata, true]);
    }
    const named = () => changes.filter(({ bucket }) => bucket === Bucket).map(({ eventName }) => eventName);
    await eventually(named, ({ length }) => length === 2);
    expect(named()).toEqual(['ObjectCreated:Put', 'ObjectCreated:CompleteMultipartUpload']);
  });

  test('refuses what is not there, and a key that is too long', async () => {
    const Bucket = await newBucket();
    await expect(s3.getObject({ Bucket, Key: 'absent' }).promise()).rejects.toEqual(refused('NoSuchKey', 404));
    await expect(s3.headObject({ Bucket, Key: 'absent' }).promise()).rejects.toEqual(refused('NotFound', 404));
    await expect(s3.listObjectsV2({ Bucket: 'no-bucket' }).promise()).rejects.toEqual(refused('NoSuchBucket', 404));
    await expect(s3.getBucketPolicy({ Bucket }).promise()).rejects.toEqual(refused('NoSuchBucketPolicy', 404));
    const long = s3.putObject({ Bucket, Key: 'é'.repeat(513), Body: 'x' }).promise();
    await expect(long).rejects.toEqual(refused('KeyTooLongError', 400));
    // Whoever has a signed URL is the owner, and may know what is absent.
    const signed = await s3.getSignedUrlPromise('getObject', { Bucket, Key: 'absent' });
    expect((await fetch(signed)).status).toBe(404);
    expect((await fetch(signed.replace(/\?.*/, ''))).status).toBe(403);
  });

  test('notifies a queue, by a configuration that is read as it was put', async () => {
    const Bucket = await newBucket();
    const { url, arn } = await newQueue();
    const Filter = { Key: { FilterRules: [{ Name: 'Prefix' as const, Value: 'site/' }] } };
    const QueueConfigurations = [{ Id: 'ours', QueueArn: arn, Events: ['s3:ObjectCreated:*'], Filter }];
    const put = { Bucket, NotificationConfiguration: { QueueConfigurations } };
    await s3.putBucketNotificationConfiguration(put).promise();
    const read = await s3.getBucketNotificationConfiguration({ Bucket }).promise();
    expect(read.QueueConfigurations).toEqual(QueueConfigurations);
    await s3.putObject({ Bucket, Key: 'other/a', Body: 'x' }).promise();
    await s3.putObject({ Bucket, Key: 'site/é b.html', Body: 'x' }).promise();
    const bodies: { Event?: string; Records?: { s3: { object: { key: string } } }[] }[] = [];
    await eventually(
      async () => {
        const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: url, MaxNumberOfMessages: 10 }).promise();
        bodies.push(...Messages.map(({ Body = '' }) => JSON.parse(Body)));
        return bodies.length;
      },
      (count) => count >= 2,
    );
    expect(bodies.map(({ Event, Records }) => Event ?? Records?.[0]?.s3.object.key)).toEqual([
      's3:TestEvent',
      'site/%C3%A9+b.html',
    ]);
  });
});

async function newQueue(Attributes: Record<string, string> = {}): Promise<{ url: string; arn: string }> {
  queues += 1;
  const { QueueUrl: url = '' } = await sqs.createQueue({ QueueName: `queue-${queues}`, Attributes }).promise();
  const named = await sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['QueueArn'] }).promise();
  return { url, arn: named.Attributes?.QueueArn ?? '' };
}

describe('SQS', () => {
  test('gives queues URLs by which they are reached, for SDK v2 sends to the host of the URL', async () => {
    const { url } = await newQueue();
    expect(new URL(url).origin).toBe(local.url);
    const QueueName = `queue-${queues}`;
    expect((await sqs.getQueueUrl({ QueueName }).promise()).QueueUrl).toBe(url);
    expect((await sqs.listQueues({ QueueNamePrefix: QueueName }).promise()).QueueUrls).toContain(url);
    await expect(sqs.getQueueUrl({ QueueName: 'none' }).promise()).rejects.toEqual(
      refused('AWS.SimpleQueueService.NonExistentQueue', 400),
    );
  });

  test('sends, receives and deletes, with checksums that SDK v2 compares', async () => {
    const { url: QueueUrl } = await newQueue();
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'é & <b>' },
      number: { DataType: 'Number', StringValue: '7' },
      binary: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
    };
    // A body may look like an answer.
    const bodies = ['é 💩 <&>"\r\n\t', '{"QueueUrl":"http://sqs.us-east-1.localhost:1/000000000000/q"}'];
    await sqs.sendMessage({ QueueUrl, MessageBody: bodies[0] ?? '', MessageAttributes }).promise();
    const Entries = [{ Id: 'second', MessageBody: bodies[1] ?? '' }];
    const { Successful, Failed } = await sqs.sendMessageBatch({ QueueUrl, Entries }).promise();
    expect([Successful.map(({ Id }) => Id), Failed]).toEqual([['second'], []]);
    const receive = { QueueUrl, MaxNumberOfMessages: 10, AttributeNames: ['All'], MessageAttributeNames: ['All'] };
    const { Messages = [] } = await sqs.receiveMessage(receive).promise();
    expect(Messages.map(({ Body }) => Body)).toEqual(bodies);
    expect(Messages[0]).toMatchObject({ MessageAttributes, Attributes: { ApproximateReceiveCount: '1' } });
    for (const { ReceiptHandle = '' } of Messages) await sqs.deleteMessage({ QueueUrl, ReceiptHandle }).promise();
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames }).promise();
    expect(Object.values(Attributes ?? {})).toEqual(['0', '0']);
  });

  test('refuses what XML cannot hold', async () => {
    const { url: QueueUrl } = await newQueue();
    for (const MessageBody of ['\u0007', 'a\ufffe']) {
      const sent = sqs.sendMessage({ QueueUrl, MessageBody }).promise();
      await expect(sent).rejects.toMatchObject({
        code: expect.stringMatching(/InvalidMessageContents$/),
        statusCode: 400,
      });
    }
  });

  test('moves what was received too often to the dead-letter queue, and a redrive moves it back', async () => {
    const dead = await newQueue();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
    const live = await newQueue({ RedrivePolicy });
    await sqs.sendMessage({ QueueUrl: live.url, MessageBody: 'm' }).promise();
    const receive = async (QueueUrl: string) =>
      (await sqs.receiveMessage({ QueueUrl, VisibilityTimeout: 0 }).promise()).Messages?.map(({ Body }) => Body) ?? [];
    expect(await receive(live.url)).toEqual(['m']);
    expect(await receive(live.url)).toEqual(['m']);
    expect(await receive(live.url)).toEqual([]);
    expect(await receive(dead.url)).toEqual(['m']);
    await sqs.startMessageMoveTask({ SourceArn: dead.arn }).promise();
    const status = async () => (await sqs.listMessageMoveTasks({ SourceArn: dead.arn }).promise()).Results?.[0]?.Status;
    await eventually(status, (now) => now === 'COMPLETED');
    expect(await receive(live.url)).toEqual(['m']);
    await expect(sqs.startMessageMoveTask({ SourceArn: `${live.arn}-none` }).promise()).rejects.toEqual(
      refused('ResourceNotFoundException', 400),
    );
  });
});
