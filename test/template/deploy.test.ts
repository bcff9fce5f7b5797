import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startS3AndSqs } from '../../local/s3-sqs/start';
import { withParameters } from '../../local/template/parameters';
import { readStack } from '../../local/template/stack-model';
import { inlineCode } from '../../scripts/template/inline-code';
import { makeTemplate } from '../../scripts/template/template';
import { PATIENCE } from '../effort';

jest.setTimeout(PATIENCE);

const PAGE = readFileSync(join(__dirname, '../../docs/without-cdk.md'), 'utf8');
/** As the page prints it. */
const [, COMMAND = ''] = PAGE.match(/^```sh\n(aws cloudformation deploy .*?)^```/ms) ?? [];

const NAMESPACE = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"';
const STACK_ID = 'arn:aws:cloudformation:us-east-1:000000000000:stack/cloudfront-invalidator/1';

/** As much of CloudFormation's API as the AWS CLI needs of it to deploy: it remembers what it is told. */
async function startCloudFormation() {
  const requests: URLSearchParams[] = [];
  const results: Readonly<Record<string, string>> = {
    CreateChangeSet: `<Id>arn:aws:cloudformation:us-east-1:000000000000:changeSet/x/1</Id><StackId>${STACK_ID}</StackId>`,
    DescribeChangeSet: '<Status>CREATE_COMPLETE</Status>',
    ExecuteChangeSet: '',
    DescribeStacks: `<Stacks><member><StackId>${STACK_ID}</StackId><StackName>cloudfront-invalidator</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks>`,
  };
  const missing = `<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id cloudfront-invalidator does not exist</Message></Error></ErrorResponse>`;
  const server = createServer(async (request, response) => {
    const asked = new URLSearchParams(await text(request));
    requests.push(asked);
    const action = String(asked.get('Action'));
    const isThere = requests.some((each) => each.get('Action') === 'ExecuteChangeSet');
    if (action === 'DescribeStacks' && !isThere) return void response.writeHead(400).end(missing);
    const result = `<${action}Result>${results[action]}</${action}Result>`;
    response.writeHead(200).end(`<${action}Response ${NAMESPACE}>${result}</${action}Response>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const hasCli = spawnSync('aws', ['--version']).status === 0;
if (!hasCli) console.warn('SKIPPED: the AWS CLI is not installed, so it does not run the command of the docs.');

(hasCli ? test : test.skip)(
  'the AWS CLI deploys the template by the command of the docs, and what it sends is a stack that runs',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
    const [aws, cloudFormation] = await Promise.all([startS3AndSqs(0), startCloudFormation()]);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const s3 = new S3Client({ region: 'us-east-1', credentials, endpoint: aws.url, forcePathStyle: true });
    try {
      await s3.send(new CreateBucketCommand({ Bucket: 'template-bucket' }));
      const template = `${JSON.stringify(makeTemplate(inlineCode()), null, 1)}\n`;
      writeFileSync(join(folder, 'cloudfront-invalidator.template.json'), template);
      const { stdout } = await promisify(execFile)('sh', ['-c', COMMAND], {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          AWS_CONFIG_FILE: join(folder, 'none'),
          AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          AWS_DEFAULT_REGION: 'us-east-1',
          AWS_ENDPOINT_URL_S3: aws.url,
          AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
        },
      });
      expect(stdout).toContain('Successfully created/updated stack - cloudfront-invalidator');

      const [changes] = cloudFormation.requests.filter((each) => each.get('Action') === 'CreateChangeSet');
      expect(changes?.get('Capabilities.member.1')).toBe('CAPABILITY_IAM');
      const [Bucket = '', Key] = new URL(String(changes?.get('TemplateURL'))).pathname.slice(1).split('/');
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const uploaded = String(await Body?.transformToString());
      expect(uploaded).toBe(template);

      const members = Array.from(changes ?? [], ([name]) => name.match(/^Parameters\.member\.\d+/)?.[0] ?? '');
      const parameters = [...new Set(members.filter(Boolean))].map((name) => [
        changes?.get(`${name}.ParameterKey`),
        changes?.get(`${name}.ParameterValue`),
      ]);
      const stack = readStack(withParameters(JSON.parse(uploaded), Object.fromEntries(parameters)), 'Stack', aws.url);
      expect(stack.notifications.map(({ bucket }) => bucket)).toEqual(['site-bucket']);
      expect(JSON.parse(String(stack.functions[0]?.environment.ORIGINS))).toEqual([
        { bucket: 'site-bucket', distribution: 'E123EXAMPLE' },
      ]);
    } finally {
      s3.destroy();
      await Promise.all([aws.close(), cloudFormation.close()]);
      rmSync(folder, { recursive: true });
    }
  },
);
