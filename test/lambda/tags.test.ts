import type { Alias } from '../../lambda/contract/environment';
import { listing, type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body } from './messages';

let running: RunningFunction;
afterEach(() => running.stop());

const OTHERS = Array.from({ length: 900 }, (_, at) => `images/other-${at}`).sort();

const sent = () => running.cloudFront.invalidations.map(({ paths }) => [...paths].sort());
const start = async (...aliases: Alias[]) => {
  const origins = [{ bucket: 'site', distribution: 'E1SITE', path: '', aliases }];
  running = await startFunction({ ...SITE, origins }, {}, listing(OTHERS));
};
const receive = (...keys: string[]) => running.receive(keys.map((key) => message(key, s3Body(key))));

test('an object is invalidated by its path and by the tags of its rules, each once', async () => {
  await start(
    { pattern: 'images/{name}.{type}', tags: ['image:{name}', 'Images'] },
    { pattern: 'images/{name}.jpg', paths: ['/r/{name}'] },
  );
  expect((await receive('images/Cat.jpg', 'images/cat.png', 'a.html')).returned).toEqual([]);
  expect(sent()).toEqual([['#image:cat', '#images', '/a.html', '/images/Cat.jpg', '/images/cat.png', '/r/Cat']]);
});

test('what a placeholder stands for is written as encodeURIComponent does it', async () => {
  await start({ pattern: '{all+}', tags: ['{all}'] });
  await receive('é, b/100%*.jpg');
  expect(sent()[0]?.[0]).toBe(`#${encodeURIComponent('é, b/100%*.jpg')}`.toLowerCase());
});

test('a tag takes no wildcard, and no wildcard takes its place', async () => {
  await start({ pattern: 'i/{name}', tags: ['image:{name}*'] });
  const keys = Array.from({ length: 300 }, (_, at) => `i/${at}`);
  const { log } = await receive(...keys);
  expect(
    sent()
      .flat()
      .filter((path) => path.startsWith('#')),
  ).toHaveLength(300);
  expect(sent().flat()).toContain('/i/*');
  expect(log).toContainEqual(expect.objectContaining({ message: 'Planned', pathCount: 301, wildcardCount: 1 }));
});

test('a tag is covered by its own invalidation alone', async () => {
  await start({ pattern: 'i/{name}', tags: ['image:{name}'] });
  await receive('i/a');
  const again = await running.receive([message('m2', s3Body('i/a'), 2)]);
  expect(again.returned).toEqual([]);
  expect(sent()).toHaveLength(1);
  await running.stop();
  await start({ pattern: 'i/{name}', tags: ['image:{name}'] });
  running.cloudFront.fault = ({ paths }) =>
    paths.includes('#image:a') ? { kind: 'refuse', status: 400, code: 'InvalidArgument' } : undefined;
  expect((await receive('i/a')).returned).toEqual(['i/a']);
  // The path does not wait for the tag.
  expect(sent()).toEqual([['/i/a']]);
});

test('a tag that is too long fails its message, but not the path', async () => {
  await start({ pattern: '{all+}', tags: ['x:{all}'] });
  const { returned, log } = await receive('y'.repeat(255), 'b');
  expect(returned).toEqual(['y'.repeat(255)]);
  expect(sent()).toEqual([['#x:b', '/b', `/${'y'.repeat(255)}`]]);
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      cause: 'invalid',
      why: expect.stringContaining('at most 256 characters'),
    }),
  );
});
