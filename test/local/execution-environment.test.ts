import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { deployFunction, type LocalFunction } from '../../local/execution-environment/function';
import type { FunctionModel } from '../../local/template/stack-model';

const urls = {
  cloudFront: 'http://127.0.0.1:1',
  dynamoDB: 'http://127.0.0.1:4',
  s3: 'http://127.0.0.1:2',
  sqs: 'http://127.0.0.1:3',
};
const output: string[] = [];
let assembly: string;
let deployed: LocalFunction;

const model: FunctionModel = {
  name: 'work',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:work',
  asset: '.',
  handler: 'index.handler',
  environment: { FROM_TEMPLATE: 'yes' },
  timeout: 3,
  memorySize: 512,
  runtime: 'nodejs24.x',
  logGroup: 'logs',
  logFormat: 'JSON',
  logLevel: 'INFO',
};

const BUNDLE = `
  let invocations = 0;
  exports.handler = async ({ action }, context) => {
    invocations += 1;
    if (action === 'throw') throw new TypeError('no');
    if (action === 'exit') process.exit(3);
    if (action === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
    if (action === 'spin') for (;;) {}
    if (action === 'deaf') setTimeout(() => {
      process.removeAllListeners('disconnect');
      process.disconnect();
      setTimeout(() => {}, 60_000);
    });
    if (action === 'nothing') return undefined;
    console.log(JSON.stringify({ message: 'worked' }));
    return { invocations, env: process.env, cwd: process.cwd(), context, remaining: context.getRemainingTimeInMillis() };
  };
`;

beforeAll(async () => {
  assembly = await mkdtemp(join(tmpdir(), 'execution-environment-'));
  await writeFile(join(assembly, 'index.js'), BUNDLE);
  deployed = deployFunction(model, assembly, urls, (line) => output.push(line));
});

afterAll(async () => {
  await deployed.close();
  await rm(assembly, { recursive: true });
});

const invoke = (action: string) => deployed.invoke({ action });

test('sees the variables of the template and of Lambda, and none of ours', async () => {
  process.env.OURS = 'secret';
  const { response } = (await invoke('work')) as { response: Record<string, unknown> };
  expect(response.env).toMatchObject({
    FROM_TEMPLATE: 'yes',
    AWS_LAMBDA_FUNCTION_NAME: 'work',
    AWS_LAMBDA_LOG_LEVEL: 'INFO',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_CLOUDFRONT: urls.cloudFront,
    AWS_ENDPOINT_URL_DYNAMODB: urls.dynamoDB,
  });
  for (const name of ['OURS', 'HOME', 'NODE_CHANNEL_FD', 'NODE_PATH']) expect(response.env).not.toHaveProperty(name);
  expect(response.cwd).toBe(assembly);
  expect(response.context).toMatchObject({ functionName: 'work', memoryLimitInMB: '512' });
  expect(response.remaining).toBeGreaterThan(0);
  expect(response.remaining).toBeLessThanOrEqual(3_000);
});

test('stays warm, and what it writes is its log', async () => {
  const { response } = (await invoke('work')) as { response: { invocations: number } };
  expect(response.invocations).toBeGreaterThan(1);
  expect(output).toContain('{"message":"worked"}');
});

test('an invocation has the request id that its caller knows', async () => {
  const { response } = (await deployed.invoke({ action: 'work' }, 'r1')) as { response: Record<string, unknown> };
  expect(response.context).toMatchObject({ awsRequestId: 'r1' });
});

test('a response of nothing is null', async () => {
  expect(await invoke('nothing')).toEqual({ kind: 'response', response: null });
});

test('an exception is the error of its invocation only', async () => {
  expect(await invoke('throw')).toEqual({ kind: 'error', errorType: 'TypeError', errorMessage: 'no' });
  expect(await invoke('nothing')).toMatchObject({ kind: 'response' });
});

test.each([
  ['exit', 'Runtime.ExitError'],
  ['hang', 'Sandbox.Timedout'],
  ['spin', 'Sandbox.Timedout'],
])('after %s the environment is replaced', async (action, errorType) => {
  expect(await invoke(action)).toMatchObject({ kind: 'error', errorType });
  const { response } = (await invoke('work')) as { response: { invocations: number } };
  expect(response.invocations).toBe(1);
});

test('a process that cannot be spoken to any more, though it has not ended yet, is replaced', async () => {
  await invoke('deaf');
  await delay(300);
  // Out of time where it was spoken to before it was known.
  expect(await invoke('work')).toMatchObject({ kind: 'error', errorType: expect.stringMatching(/ExitError|Timedout/) });
  const { response } = (await invoke('work')) as { response: { invocations: number } };
  expect(response.invocations).toBe(1);
});

test('a function that does not load fails each of its invocations', async () => {
  const broken = deployFunction({ ...model, handler: 'index.missing' }, assembly, urls, () => {});
  expect(await broken.invoke({})).toMatchObject({
    kind: 'error',
    errorMessage: expect.stringContaining('index.missing'),
  });
  expect(await broken.invoke({})).toMatchObject({ kind: 'error' });
  await broken.close();
});
