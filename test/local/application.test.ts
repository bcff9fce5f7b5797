import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  CloudFrontClient,
  CreateInvalidationCommand,
  type DistributionConfig,
  GetDistributionConfigCommand,
} from '@aws-sdk/client-cloudfront';
import { addApplication } from '../../local/application/in-template';
import { APPLICATION_PAGES } from '../../local/application/server';
import { APPLICATION_MUST_STAY_CACHED, applicationStayed, holdApplication } from '../../local/cli/application';
import { createReport } from '../../local/cli/report';
import { serve } from '../../local/cli/serve';
import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { createRecord } from '../../local/page/record';
import { eventually } from './eventually';

jest.setTimeout(60_000);

const printed: string[] = [];
const report = createReport((line) => printed.push(stripVTControlCharacters(line)));

let stack: LocalStack;
let client: CloudFrontClient;
beforeAll(async () => {
  stack = await startLocalStack({ application: true });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new CloudFrontClient({ endpoint: stack.cloudFront.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  client?.destroy();
  await stack?.close();
});

async function configuration(): Promise<Partial<DistributionConfig>> {
  const { DistributionConfig } = await client.send(new GetDistributionConfigCommand({ Id: stack.site.id }));
  return DistributionConfig ?? {};
}

test('the configuration says that the application is before all else, cached, and no bucket', async () => {
  const { CacheBehaviors, Origins, DefaultCacheBehavior } = await configuration();
  const [first] = CacheBehaviors?.Items ?? [];
  expect(first).toMatchObject({ PathPattern: '/app/*', CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' });
  const [origin] = Origins?.Items?.filter(({ Id }) => Id === first?.TargetOriginId) ?? [];
  expect(origin).toMatchObject({
    DomainName: 'localhost',
    CustomOriginConfig: { HTTPPort: stack.application?.port, OriginProtocolPolicy: 'http-only' },
  });
  expect(DefaultCacheBehavior?.TargetOriginId).not.toBe(first?.TargetOriginId);
});

test('the edge serves its pages, and holds them', async () => {
  const before = stack.application?.requests ?? 0;
  for (const path of APPLICATION_PAGES) {
    const pages = [await fetch(stack.edge.url + path), await fetch(stack.edge.url + path)];
    expect(pages.map(({ status, headers }) => [status, headers.get('x-cache')])).toEqual([
      [200, 'Miss from cloudfront'],
      [200, 'Hit from cloudfront'],
    ]);
    const [first, second] = await Promise.all(pages.map((page) => page.text()));
    expect(first).toContain('<h1>');
    expect(second).toBe(first);
  }
  expect((stack.application?.requests ?? 0) - before).toBe(APPLICATION_PAGES.length);
});

function invalidate(path: string) {
  const InvalidationBatch = { CallerReference: path, Paths: { Quantity: 1, Items: [path] } };
  return client.send(new CreateInvalidationCommand({ DistributionId: stack.site.id, InvalidationBatch }));
}

describe('which of its pages are still cached', () => {
  test.each<[string, string, stayed: boolean]>([
    ['/archive/*', '6 of 6 still cached', true],
    ['/app/tables/by-the-window', '5 of 6 still cached', false],
    ['/app/*', '0 of 6 still cached', false],
    ['/*', '0 of 6 still cached', false],
  ])('after %s: %s', async (path, said, stayed) => {
    await holdApplication(stack.edge.url, report);
    await invalidate(path);
    expect(await applicationStayed(stack.edge.url, report, true)).toBe(stayed);
    expect(printed.at(-1)).toContain(`the application's pages: ${said}`);
    // What they were looked at for, the edge has again.
    expect(await applicationStayed(stack.edge.url, report, true)).toBe(true);
  });

  test('is held against the run only where it is told so', async () => {
    await holdApplication(stack.edge.url, report);
    await invalidate('/app*');
    expect(await applicationStayed(stack.edge.url, report)).toBe(!APPLICATION_MUST_STAY_CACHED);
  });
});

test('while a folder is served, each invalidation is followed by a look at the application', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'served-'));
  const stopping = new AbortController();
  const serving = serve(stack, folder, report, () => {}, stopping.signal);
  try {
    await eventually(
      () => printed.at(-1) ?? '',
      (line) => line.includes(`${folder} is empty`),
    );
    await invalidate('/app/tables/*');
    await eventually(
      () => printed.at(-1) ?? '',
      (line) => line.includes("the application's pages: 1 of 6 still cached"),
      5_000,
    );
  } finally {
    stopping.abort();
    await serving;
    await rm(folder, { recursive: true });
  }
});

test('an application that fails is said to', async () => {
  const { configurations } = stack.cloudFront;
  const before = configurations[stack.site.id] ?? {};
  configurations[stack.site.id] = { ...before, CacheBehaviors: { Quantity: 0 } };
  await invalidate('/a*');
  await expect(holdApplication(stack.edge.url, report)).rejects.toThrow('The edge does not serve the application: 40');
  configurations[stack.site.id] = before;
});

test('it is added before other behaviors, and to no template without a distribution', () => {
  const others = { Origins: [{ Id: 'a' }], CacheBehaviors: [{ PathPattern: '/b/*' }] };
  const template = {
    Resources: { D: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: others } } },
  };
  expect(addApplication(template, 8080).Resources.D?.Properties?.DistributionConfig).toMatchObject({
    Origins: [{ Id: 'a' }, { CustomOriginConfig: { HTTPPort: 8080 } }],
    CacheBehaviors: [{ PathPattern: '/app/*' }, { PathPattern: '/b/*' }],
  });
  expect(others.Origins).toHaveLength(1);
  expect(() => addApplication({ Resources: {} }, 8080)).toThrow('The template has no distribution');
});

test('the page shows what the edge had of it, from the first look on', () => {
  const record = createRecord(() => 0);
  expect(record.snapshot(undefined)).not.toHaveProperty('application');
  record.application({ cached: 5, total: 6 });
  expect(record.snapshot(undefined).application).toEqual({ cached: 5, total: 6 });
});
