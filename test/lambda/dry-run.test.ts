import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body } from './messages';

let running: RunningFunction;
afterEach(() => running.stop());

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const upload = (id: string, key: string, time = ago(20_000)) => message(id, s3Body(key, { time }));

test('CloudFront is not called, the messages are acknowledged, and the log says what it would have cost', async () => {
  running = await startFunction({ ...SITE, dryRun: true });
  const { returned, log, metrics } = await running.receive([upload('m1', 'a.html'), upload('m2', 'b~1.html')]);
  expect(returned).toEqual([]);
  expect(running.cloudFront.calls).toEqual([]);
  expect(log.map((line) => line.message)).not.toContain('Invalidation accepted');
  expect(metrics).toMatchObject({ Invalidations: [1], InvalidatedPaths: [2], Wildcards: [1] });
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 'INFO',
      message: 'Dry run',
      distribution: 'E1SITE',
      paths: ['/a.html', '/b*'],
      pathCount: 2,
      wildcardCount: 1,
      dollars: 0.01,
      keys: ['a.html', 'b~1.html'],
      keyCount: 2,
      oldestChangeSeconds: 20,
    }),
  );
});

test('what would be covered in earnest costs nothing in a dry run either', async () => {
  running = await startFunction({ ...SITE, dryRun: true });
  await running.receive([upload('m1', 'a.html')]);
  const { log } = await running.receive([upload('m2', 'a.html', ago(15_000))]);
  const messages = log.map((line) => line.message);
  expect(messages).toContain('Already covered');
  expect(messages).not.toContain('Dry run');
});

test('every path is in the log, however many', async () => {
  running = await startFunction({ ...SITE, dryRun: true });
  const keys = Array.from({ length: 120 }, (_, at) => `${at}.html`);
  const { log } = await running.receive(keys.map((key) => upload(key, key)));
  const lines = log.filter((line) => line.message.startsWith('Dry run'));
  expect(lines.flatMap(({ paths }) => paths as string[])).toEqual(keys.map((key) => `/${key}`).sort());
});

test('the query of the docs asks for fields that the log has', async () => {
  const page = readFileSync(join(__dirname, '../../docs/dry-run.md'), 'utf8');
  const asked = Array.from(page.matchAll(/sum\((\w+)\)/g), ([, field = '']) => field);
  expect(asked).toHaveLength(3);
  running = await startFunction({ ...SITE, dryRun: true });
  const { log } = await running.receive([upload('m1', 'a.html')]);
  const line = log.find((each) => each.message === 'Dry run');
  for (const field of asked) expect(line).toHaveProperty(field);
});

test('what is malformed fails all the same', async () => {
  running = await startFunction({ ...SITE, dryRun: true });
  expect((await running.receive([message('m1', 'not a notification')])).returned).toEqual(['m1']);
});
