import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Cdk, cdkIn } from '../../e2e/aws/cdk';
import { awsDeployment } from '../../e2e/aws/deployment';
import { emptyBucket } from '../../e2e/aws/empty-bucket';
import { costOf } from '../../e2e/cost';
import { startS3AndSqs } from '../../local/s3-sqs/start';

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const ACCOUNT = { id: '123456789012', region: 'eu-west-1', credentials: CREDENTIALS };
const OUTPUTS = {
  BucketName: 'site',
  DistributionId: 'E1',
  DomainName: 'd1.cloudfront.net',
  DeadLetterQueueUrl: 'https://sqs/dead',
  LogGroupName: 'log',
};

let aws: Awaited<ReturnType<typeof startS3AndSqs>>;
let s3: S3Client;

beforeAll(async () => {
  aws = await startS3AndSqs(0, () => {});
  s3 = new S3Client({ region: 'us-east-1', credentials: CREDENTIALS, endpoint: aws.url, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'site' }));
});

afterAll(async () => {
  s3.destroy();
  await aws.close();
});

/** What would have been run; `destroy` fails so often. */
function deploymentWith({ failures = 0 } = {}) {
  const ran: string[][] = [];
  const cdk: Cdk = async (args) => {
    ran.push([...args]);
    const file = args[args.indexOf('--outputs-file') + 1];
    if (args[0] === 'deploy') writeFileSync(file ?? '', JSON.stringify({ CloudFrontInvalidatorE2e: OUTPUTS }));
    if (args[0] === 'destroy' && failures-- > 0) throw new Error('cdk destroy ended with exit code 1.');
  };
  return { ran, deployment: awsDeployment(ACCOUNT, cdk, s3, async () => {}) };
}

const signal = new AbortController().signal;

test('it deploys a stack of its own, and reads its outputs', async () => {
  const { ran, deployment } = deploymentWith();
  expect(await deployment.deploy(5, signal)).toMatchObject({
    bucket: 'site',
    distribution: 'E1',
    viewerUrl: 'https://d1.cloudfront.net',
    deadLetterQueueUrl: 'https://sqs/dead',
    maxBatchingWindow: 5,
  });
  const [args = []] = ran;
  expect(args.slice(0, 4)).toEqual(['deploy', 'CloudFrontInvalidatorE2e', '--app', 'node --import tsx e2e/aws/app.ts']);
  expect(args.slice(-6)).toEqual(['-c', 'prefix=site/', '-c', 'monitoring=false', '-c', 'maxBatchingWindow=5']);
});

test('it empties the bucket, then removes the stack', async () => {
  const { ran, deployment } = deploymentWith();
  await deployment.deploy(undefined, signal);
  await s3.send(new PutObjectCommand({ Bucket: 'site', Key: 'a@b.html', Body: 'x' }));
  await deployment.remove();
  expect((await s3.send(new ListObjectsV2Command({ Bucket: 'site' }))).KeyCount).toBe(0);
  await s3.send(new HeadBucketCommand({ Bucket: 'site' }));
  expect(ran.at(-1)?.slice(0, 2)).toEqual(['destroy', 'CloudFrontInvalidatorE2e']);
});

test('what is half deployed is removed, too', async () => {
  const { ran, deployment } = deploymentWith();
  await deployment.remove();
  expect(ran.map(([command]) => command)).toEqual(['destroy']);
});

test('it tries again where the stack cannot be removed yet', async () => {
  const { ran, deployment } = deploymentWith({ failures: 2 });
  await deployment.remove();
  expect(ran).toHaveLength(3);
});

test('it says what is left, and how to remove it', async () => {
  const { deployment } = deploymentWith({ failures: 3 });
  await expect(deployment.remove()).rejects.toThrow(
    'NOT REMOVED: stack CloudFrontInvalidatorE2e of account 123456789012. cdk destroy ended with exit code 1. Empty its bucket, ' +
      'then: aws cloudformation delete-stack --stack-name CloudFrontInvalidatorE2e --region eu-west-1',
  );
});

test("the CDK's command line takes the app: a stack of that name, of which nothing is retained", async () => {
  const directory = mkdtempSync(join(tmpdir(), 'e2e-'));
  const { ran, deployment } = deploymentWith();
  await deployment.deploy(20, signal);
  const args = ran[0] ?? [];
  const options = [...args.slice(1, 4), ...args.slice(-6)];
  await cdkIn('eu-west-1')(['synth', ...options, '--quiet', '--output', directory], signal);
  expect(readdirSync(directory)).toContain('CloudFrontInvalidatorE2e.template.json');
  const template = readFileSync(join(directory, 'CloudFrontInvalidatorE2e.template.json'), 'utf8');
  const resources: { Type: string; DeletionPolicy?: string }[] = Object.values(JSON.parse(template).Resources);
  expect(resources.map(({ Type }) => Type)).toContain('AWS::S3::Bucket');
  expect(resources.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')).toEqual([]);
  expect(resources.filter(({ Type, DeletionPolicy }) => Type === 'AWS::S3::Bucket' && !DeletionPolicy)).toEqual([]);
});

test("the CDK's command line is stopped, and its failure is told", async () => {
  const stopping = new AbortController();
  const running = cdkIn('eu-west-1')(['synth', '--app', 'sleep 600'], stopping.signal);
  stopping.abort();
  await expect(running).rejects.toThrow('aborted');
  await expect(cdkIn('eu-west-1')(['synth', '--app', 'false'])).rejects.toThrow('cdk synth ended with exit code 1.');
});

test('a bucket that is gone needs no emptying', async () => {
  await expect(emptyBucket(s3, 'gone')).resolves.toBeUndefined();
});

test('what it costs is said', () => {
  expect(costOf(200)).toContain('at most 200 paths invalidated: $1.00,');
  expect(costOf(3_200)).toContain('at most 3,200 paths invalidated: $16.00,');
});
