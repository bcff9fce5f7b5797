import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { viewerPaths } from '../../lambda/paths/viewer-path';
import { ARCHIVE, putArchive } from '../../local/cli/archive';
import { runOnce } from '../../local/cli/once';
import { redeploy } from '../../local/cli/redeploy';
import { createReport } from '../../local/cli/report';
import { listFolder, type SiteFile } from '../../local/cli/site-folder';
import { uploadFolder } from '../../local/cli/upload-folder';
import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { readLogLine } from '../../local/log-line';

jest.setTimeout(60_000);

const printed: string[] = [];
const report = createReport((line) => printed.push(stripVTControlCharacters(line)));
/** As though each plan had waited. */
const PACED = readLogLine(JSON.stringify({ level: 'INFO', message: 'Waiting', why: 'Paced', ms: 99_900 }));
const explained = () => printed.filter((line) => line.startsWith('Up to 99.9 s of that is expected: ')).length;
let stack: LocalStack;
let files: readonly SiteFile[];

beforeAll(async () => {
  ({ files } = await listFolder(join(__dirname, '../../local/site')));
  stack = await startLocalStack({
    // One batch, whose paths are known: long enough for all changes, also on a busy machine, and all to one poller.
    context: { maxBatchingWindow: '3' },
    random: () => 0,
    onEvent(event) {
      report.event(event);
      if (event.kind === 'invalidation') report.event({ kind: 'log', line: PACED });
    },
    populate: async (s3, bucket) => {
      await putArchive(s3, bucket, report, new AbortController().signal);
      await uploadFolder(s3, bucket, files, report, new AbortController().signal);
    },
  });
});

afterAll(() => stack.close());

test('passes when every changed page of the sample site was stale, and is fresh', async () => {
  expect(await runOnce(stack, files, ARCHIVE, report, new AbortController().signal)).toBe(true);
  const shows = (kind: string, path: string) => printed.some((line) => line.includes(`${kind.padEnd(12)}  ${path} `));
  for (const path of ['/', '/index.html', '/caf%C3%A9.html', '/opening%20hours.html', '/opening+hours.html']) {
    expect([path, shows('stale', path), shows('fresh', path)]).toEqual([path, true, true]);
  }
  expect(stack.cloudFront.invalidations.flatMap(({ paths }) => paths).toSorted()).toEqual([
    '/',
    '/caf%C3%A9.html',
    '/events/c%2B%2B.html',
    '/events/c%2b%2b.html',
    '/events/c++.html',
    '/index.html',
    // The whole menu has changed, and an index document has three paths.
    '/menu*',
    '/opening%20hours.html',
    '/opening+hours.html',
  ]);
  const kept = ['/cup.svg', '/style.css', '/archive/', '/events/concert', '/opening%20hours/', '/opening+hours/'];
  const hits = printed.filter((line) => line.includes('  hit  '));
  expect(hits).toEqual(kept.map((path) => expect.stringContaining(path)));
  expect(printed.at(-1)).toBe(
    'Paid for 9 paths, where one for each URL would have been 13: the 12 pages, and /events/c++.html, another way to ' +
      'write one of them. Of 6 other pages looked at, 6 stayed in the cache.',
  );
  expect(explained()).toBe(1);
  // Of the archive, which is there before, only that.
  expect(printed.filter((line) => line.includes('uploaded') && line.includes('2025-'))).toEqual([]);
});

test('a deploy of the whole site is fresh, for fewer paths than a tenth of its objects', async () => {
  const before = stack.cloudFront.invalidations.length;
  expect(await redeploy(stack, files, ARCHIVE, report, new AbortController().signal)).toBe(true);
  const paths = stack.cloudFront.invalidations.slice(before).flatMap((invalidation) => invalidation.paths);
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.length).toBeLessThan(ARCHIVE.length / 10);
  // By the measure of the first run, and of the page: one path for each URL, and a name with a space has two.
  const urls = [...files.map(({ key }) => key), ...ARCHIVE].flatMap((key) =>
    viewerPaths(key, stack.site.originPath, stack.indexDocument),
  );
  expect(urls.length).toBeGreaterThan(files.length + ARCHIVE.length);
  const paid = `Paid for ${paths.length} path${paths.length === 1 ? '' : 's'}`;
  const each = `where one for each URL would have been ${urls.length.toLocaleString('en')}`;
  expect(printed).toContain(`${paid}, ${each}: some of the 1,104 objects have several URLs.`);
  expect(explained()).toBe(2);
  expect(printed).toContain(`\nA deploy changes the whole site: 1,104 objects.\n`);
  // The page that the first run deleted is back.
  expect((await fetch(`${stack.edge.url}/opening%20hours.html`)).status).toBe(200);
});

test('fails when a page stays stale', async () => {
  const refused = new AbortController();
  stack.cloudFront.fault = () => {
    refused.abort();
    return { kind: 'refuse', status: 403, code: 'AccessDenied' };
  };
  expect(await runOnce(stack, files, [], report, refused.signal)).toBe(false);
  expect(printed).toContain('Still stale: /index.html');
  const cut = new AbortController();
  cut.abort();
  expect(await redeploy(stack, files, [], report, cut.signal)).toBe(false);
  expect(printed).toContain('Still stale: /style.css');
});
