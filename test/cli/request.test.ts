import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readArguments, regionOf, usage } from '../../cli/request/request';
import { pathFault as cloudFrontFault } from '../../local/cloudfront/path-rules';
import { startS3AndSqs } from '../../local/s3-sqs/start';
import { PATIENCE } from '../effort';
import { CREDENTIALS, command } from './command';

jest.setTimeout(PATIENCE);

let aws: Awaited<ReturnType<typeof startS3AndSqs>>;
let sqs: SQSClient;
let queueUrl: string;

beforeAll(async () => {
  aws = await startS3AndSqs(0);
  const credentials = {
    accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
    secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
  };
  sqs = new SQSClient({ region: 'us-east-1', credentials, endpoint: aws.url });
  await sqs.send(new CreateQueueCommand({ QueueName: 'invalidator' }));
  queueUrl = `${aws.url}/000000000000/invalidator`;
});

afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

test('a server that takes the message and never answers is no reason to wait for ever', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/1/q`;
  try {
    const args = ['request', '--queue-url', url, '--distribution', 'E123EXAMPLE', '--path', '/a'];
    const { code, stdout, stderr } = await command(args);
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      expect.stringMatching(/^.*does not take the message: no connection/),
    ]);
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});

const options = (...more: string[]) => ['--queue-url', queueUrl, '--distribution', 'E123EXAMPLE', ...more];

test('a request is a message in the queue: paths encoded, each once, and tags', async () => {
  const given = ['--path', '/é.html', '--path', '/docs/*', '--path=/docs/*', '--tag', 'product:7'];
  const { code, stdout, stderr } = await command(['request', ...options(...given)]);
  expect([code, stderr]).toEqual([0, '']);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 5 }));
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual([
    { invalidate: { distribution: 'E123EXAMPLE', paths: ['/%C3%A9.html', '/docs/*'], tags: ['product:7'] } },
  ]);
  expect(stdout).toBe(`Message ${Messages[0]?.MessageId} asks for 2 paths and 1 tag of distribution E123EXAMPLE.\n`);
});

test('a request may be of a tenant', () => {
  const { request } = readArguments(options('--tenant', 'dt_a', '--path', '/a'));
  expect(request).toEqual({ invalidate: { distribution: 'E123EXAMPLE', tenant: 'dt_a', paths: ['/a'] } });
  expect(() => readArguments(options('--tenant', 'a', '--path', '/a'))).toThrow(
    '--tenant must be the id of a distribution tenant',
  );
});

test('the examples of its help can be pasted', () => {
  const examples = Array.from(usage.matchAll(/^ {2}cloudfront-invalidator request (.+)$/gm), ([, rest = '']) => rest);
  expect(examples).toHaveLength(2);
  for (const example of examples) {
    const args = execFileSync('sh', ['-c', `printf '%s\\n' ${example}`], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(readArguments(args)).toMatchObject({ queueUrl: expect.stringMatching(/^https:\/\/sqs\./) });
  }
});

test('a queue that is not there is told, and the exit code is 2', async () => {
  const args = ['request', ...options('--path', '/a'), '--queue-url', `${aws.url}/000000000000/nowhere`];
  const { code, stdout, stderr } = await command(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^http.*\/nowhere does not take the message: QueueDoesNotExist: .* exist\.\n$/);
});

test.each([
  [['--distribution', 'E123EXAMPLE', '--path', '/a'], '--queue-url URL is missing.'],
  [['--queue-url', 'invalidator', '--distribution', 'E123EXAMPLE', '--path', '/a'], '--queue-url must be a URL'],
  [['--queue-url', 'http://a/b', '--path', '/a'], '--distribution ID is missing.'],
  [
    ['--queue-url', 'http://a/b', '--distribution', 'd111.cloudfront.net', '--path', '/a'],
    '--distribution must be a distribution id: E and capital letters or digits, as E123EXAMPLE, but it is "d111',
  ],
])('%j is refused', (args, why) => {
  expect(() => readArguments(args)).toThrow(why);
});

test.each([
  [[], 'There must be a --path or a --tag, but there is none.'],
  [['/a'], 'There is "/a", which belongs to no option.'],
  [['--path', 'a'], '--path must begin with a slash, as viewers request it, but it is "a".'],
  [['--path', '/a*b'], 'a "*" at the end only'],
  [['--path', '/a~b'], 'must have no "~", which CloudFront cannot invalidate'],
  [['--path', '/a%7eb'], 'must have no "~"'],
  [['--path', '/a#b'], 'a cache tag is given by --tag'],
  [['--path', '/100%'], 'must have a "%" only in escapes'],
  [['--path', '/%c3%a9'], 'must have a "%" only in escapes of UTF-8 with capital letters'],
  [['--path', '/%FF'], 'must have a "%" only in escapes of UTF-8'],
  [['--path', `/${'é'.repeat(667)}`], 'must have at most 4000 characters, encoded'],
  [['--tag', '#product:7'], 'without a "#" in front'],
  [['--tag', 'a,b'], '--tag must be visible ASCII without a comma, but it is "a,b".'],
  [['--tag', 'a b'], 'must be visible ASCII'],
  [['--tag', 'é'], 'must be visible ASCII'],
  [['--tag', 'a'.repeat(257)], 'must have at most 256 characters'],
  [Array.from({ length: 70 }, (_, at) => [`--path=/${at}/${'a'.repeat(3_900)}`]).flat(), 'must fit into 262144 bytes'],
])('%j is refused, in the words of the option', (args, why) => {
  expect(() => readArguments(options(...args))).toThrow(why);
});

test.each(['/', '/*', '/a b', '/a%20b', '/é?v=1', '/[a]', '/"', "/it's", '/a+b&c=d', '/a%2Bb*', `/${'é'.repeat(666)}`])(
  'what is sent for %s is what CloudFront accepts',
  (path) => {
    const { paths = [] } = readArguments(options('--path', path)).request.invalidate;
    expect(paths.map(cloudFrontFault)).toEqual([undefined]);
  },
);

test.each([
  ['https://sqs.eu-central-1.amazonaws.com/123456789012/invalidator', 'eu-central-1'],
  ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/invalidator', 'cn-north-1'],
  ['https://vpce-1a2b.sqs.us-gov-west-1.vpce.amazonaws.com/123456789012/invalidator', 'us-gov-west-1'],
])('the region of %s is %s', (url, region) => {
  expect(regionOf(url)).toBe(region);
});
