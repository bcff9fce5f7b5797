import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runOnce } from '../../local/cli/once';
import { createReport } from '../../local/cli/report';
import { listFolder, type SiteFile } from '../../local/cli/site-folder';
import { uploadFolder } from '../../local/cli/upload-folder';
import { type LocalStack, startLocalStack } from '../../local/local-stack';

jest.setTimeout(60_000);

const printed: string[] = [];
const report = createReport((line) => printed.push(stripVTControlCharacters(line)));
let stack: LocalStack;
let files: readonly SiteFile[];

beforeAll(async () => {
  ({ files } = await listFolder(join(__dirname, '../../local/site')));
  stack = await startLocalStack({
    context: { batchingWindow: '1' },
    onEvent: report.event,
    populate: async (s3, bucket) => {
      await uploadFolder(s3, bucket, files, report, new AbortController().signal);
    },
  });
});

afterAll(() => stack.close());

test('passes when every changed page of the sample site was stale, and is fresh', async () => {
  expect(await runOnce(stack, files, report, new AbortController().signal)).toBe(true);
  const shows = (kind: string, path: string) => printed.some((line) => line.includes(`${kind.padEnd(12)}  ${path} `));
  for (const path of ['/', '/index.html', '/caf%C3%A9.html', '/opening%20hours.html', '/opening+hours.html']) {
    expect([path, shows('stale', path), shows('fresh', path)]).toEqual([path, true, true]);
  }
  expect(printed).toContain(
    'Paid for 1 path. Of 2 other pages, 0 stayed in the cache; a wildcard that discards 2 was cheaper than the paths it saves.',
  );
});

test('fails when a page stays stale', async () => {
  stack.cloudFront.fault = () => ({ kind: 'refuse', status: 403, code: 'AccessDenied' });
  // The page that the first run deleted is stale no more, so it is left out.
  const others = files.filter(({ key }) => key !== 'opening hours.html');
  expect(await runOnce(stack, others, report, AbortSignal.timeout(4_000))).toBe(false);
  expect(printed).toContain('Still stale: /index.html');
});
