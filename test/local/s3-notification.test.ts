import {
  changeMessage,
  formEncode,
  isWanted,
  type QueueConfiguration,
  testMessage,
} from '../../local/s3-sqs/notification.mts';
import {
  changesOf,
  readNotificationConfiguration,
  type S3Request,
  switchesEventBridgeOn,
} from '../../local/s3-sqs/s3-request.mts';

const request: S3Request = { method: 'PUT', bucket: 'site', key: 'a.html', query: {}, headers: {}, body: undefined };

test.each([
  ['index.html', 'index.html'],
  ['docs/a b.html', 'docs/a+b.html'],
  ['a+b.html', 'a%2Bb.html'],
  ['100%.html', '100%25.html'],
  ['é.html', '%C3%A9.html'],
  ["it's (1)!~*", 'it%27s+%281%29%21%7E*'],
])('S3 writes the key %s as %s', (key, encoded) => {
  expect(formEncode(key)).toBe(encoded);
  expect(decodeURIComponent(encoded.replaceAll('+', ' '))).toBe(key);
});

test.each<[string, Partial<S3Request>, string[]]>([
  ['PutObject', {}, ['ObjectCreated:Put a.html']],
  ['CopyObject', { headers: { 'x-amz-copy-source': 'site/b.html' } }, ['ObjectCreated:Copy a.html']],
  ['UploadPart', { query: { uploadId: 'u', partNumber: '1' } }, []],
  ['CreateMultipartUpload', { method: 'POST', query: { uploads: '' } }, []],
  [
    'CompleteMultipartUpload',
    { method: 'POST', query: { uploadId: 'u' } },
    ['ObjectCreated:CompleteMultipartUpload a.html'],
  ],
  ['AbortMultipartUpload', { method: 'DELETE', query: { uploadId: 'u' } }, []],
  ['DeleteObject', { method: 'DELETE' }, ['ObjectRemoved:Delete a.html']],
  [
    'DeleteObjects',
    {
      method: 'POST',
      key: '',
      query: { delete: '' },
      body: Buffer.from(
        '<Delete><Object><Key>a &amp; b.html</Key></Object><Object><Key>&#x63;.html</Key></Object></Delete>',
      ),
    },
    ['ObjectRemoved:Delete a & b.html', 'ObjectRemoved:Delete c.html'],
  ],
  ['CreateBucket', { key: '' }, []],
  ['GetObject', { method: 'GET' }, []],
])('%s is the changes %j makes', (_, differing, expected) => {
  expect(changesOf({ ...request, ...differing }).map(({ eventName, key }) => `${eventName} ${key}`)).toEqual(expected);
});

describe('a notification configuration', () => {
  const configuration: QueueConfiguration = {
    id: 'one',
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:queue',
    events: ['s3:ObjectCreated:*'],
    prefix: 'my site/é/',
    suffix: '.html',
  };

  test.each([
    ['my site/é/a.html', 'ObjectCreated:Put', true],
    ['my site/é/a.html', 'ObjectCreated:Copy', true],
    ['my site/é/a.html', 'ObjectRemoved:Delete', false],
    ['other/a.html', 'ObjectCreated:Put', false],
    ['my site/é/a.css', 'ObjectCreated:Put', false],
  ])('asks for %s %s: %s', (key, eventName, wanted) => {
    expect(isWanted({ bucket: 'site', key, eventName }, configuration)).toBe(wanted);
  });

  test('is read as the SDK writes it', () => {
    const xml = `<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><QueueConfiguration>
      <Id>one</Id><Queue>${configuration.queueArn}</Queue><Event>s3:ObjectCreated:*</Event>
      <Filter><S3Key><FilterRule><Name>prefix</Name><Value>my+site/%C3%A9/</Value></FilterRule>
      <FilterRule><Name>Suffix</Name><Value>.html</Value></FilterRule></S3Key></Filter>
      </QueueConfiguration></NotificationConfiguration>`;
    expect(readNotificationConfiguration(Buffer.from(xml))).toEqual([configuration]);
    expect(readNotificationConfiguration(Buffer.from('<NotificationConfiguration/>'))).toEqual([]);
  });

  test.each([
    ['<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>', true],
    ['<NotificationConfiguration/>', false],
  ])('%s switches EventBridge on: %s', (xml, on) => {
    expect(switchesEventBridgeOn(Buffer.from(xml))).toBe(on);
  });
});

test('a message has the structure that S3 documents', () => {
  const change = { bucket: 'site', key: 'a b.html', eventName: 'ObjectCreated:Put' };
  const details = { time: new Date(0), region: 'us-east-1', requestId: 'r', sequencer: '01' };
  const body = JSON.parse(changeMessage(change, 'one', { ...details, object: { size: 3, eTag: 'abc' } }));
  expect(body.Records).toHaveLength(1);
  expect(body.Records[0]).toMatchObject({
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: '1970-01-01T00:00:00.000Z',
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'one',
      bucket: { name: 'site', arn: 'arn:aws:s3:::site' },
      object: { key: 'a+b.html', size: 3, eTag: 'abc', sequencer: '01' },
    },
  });
});

test('the message that S3 sends first has no records', () => {
  const body = JSON.parse(testMessage('site', new Date(0), 'r'));
  expect(body).toMatchObject({ Event: 's3:TestEvent', Bucket: 'site' });
  expect(body).not.toHaveProperty('Records');
});
