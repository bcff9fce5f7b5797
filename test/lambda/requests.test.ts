import type { Outcome } from '../../lambda/cloudfront/create-invalidation';
import type { PathGroup } from '../../lambda/dispatch/path-group';
import { makeRequests } from '../../lambda/dispatch/send-requests';
import type { ServedChange } from '../../lambda/event/batch';

const changeOf = (key: string, paths: readonly string[]): ServedChange => ({
  messageId: key,
  receiveCount: 1,
  bucket: 'site',
  key,
  paths,
  time: undefined,
});
const part = (...paths: readonly string[]): PathGroup => ({ paths, changes: [changeOf(paths.join(), paths)] });
const refused = (kind: 'invalid' | 'throttled' | 'configuration', name: string): Outcome => ({
  ...{ kind, name, message: name, callerReference: 'r' },
});
const FULL = refused('throttled', 'TooManyInvalidationsInProgress');
const DENIED = refused('configuration', 'AccessDenied');
const ACCEPTED: Outcome = {
  kind: 'accepted',
  callerReference: 'r',
  invalidationId: 'I',
  status: 'InProgress',
  createTime: 0,
};

/** Asks for parts before a CloudFront that answers so, and tells what was asked and what came of it. */
async function ask(parts: readonly PathGroup[], answer: (paths: readonly string[]) => Outcome, sparing = true) {
  const asked: (readonly string[] | 'pause')[] = [];
  const requested = await makeRequests(
    {
      async create({ paths }) {
        asked.push(paths);
        return answer(paths);
      },
      async pause() {
        await new Promise(setImmediate);
        asked.push('pause');
      },
      wait: async () => false,
    },
    'E1SITE',
    parts,
    sparing,
  );
  return { asked, ...requested, left: requested.left.flatMap(({ paths }) => paths) };
}

const hasWildcard = (paths: readonly string[]) => paths.some((path) => path.endsWith('*'));

test('a path that two objects share is asked for once', async () => {
  const { asked } = await ask([part('/docs', '/docs/'), part('/docs')], () => ACCEPTED);
  expect(asked).toEqual([['/docs', '/docs/']]);
});

test('once a request is refused for what lies not in its paths, no other is made', async () => {
  const parts = Array.from({ length: 1500 }, (_, at) => part(`/${at}`));
  const { asked, left, refusal } = await ask(parts, () => DENIED);
  expect([asked.length, left.length, refusal]).toEqual([1, 1500, DENIED]);
});

test('what the quota is known to be full for is not asked for', async () => {
  const parts = ['/a', '/b', '/c*', '/d*'].map((path) => part(path));
  const { asked, left, onlyWildcards } = await ask(parts, (paths) => (hasWildcard(paths) ? FULL : ACCEPTED));
  // All; what the first second takes, and that by kind; the other wildcard is known to be refused.
  expect(asked).toEqual([['/a', '/b', '/c*', '/d*'], ['/c*', '/a', '/b'], ['/a', '/b'], ['/c*']]);
  expect([left, onlyWildcards]).toEqual([['/c*', '/d*'], true]);
});

test('nor are more of the paths that were refused', async () => {
  const parts = Array.from({ length: 151 }, (_, at) => part(`/${at}`));
  const { asked, left } = await ask(parts, () => FULL, false);
  expect([asked.map(({ length }) => length), left.length]).toEqual([[151, 150], 151]);
});

test('paths that are refused are asked for once more, a second later; wildcards are not', async () => {
  expect((await ask([part('/a')], () => FULL)).asked).toEqual([['/a'], 'pause', ['/a']]);
  expect((await ask([part('/a*')], () => FULL)).asked).toEqual([['/a*']]);
  expect((await ask([part('/a')], () => FULL, false)).asked).toEqual([['/a']]);
});

test('where paths are refused as well, wildcards alone are not what is full', async () => {
  const { left, onlyWildcards } = await ask([part('/a'), part('/b*')], () => FULL, false);
  expect([left, onlyWildcards]).toEqual([['/a', '/b*'], false]);
});

test('the objects under a wildcard are asked for one by one in the end, but not while paths are refused, too', async () => {
  const folder: PathGroup = { paths: ['/d/*'], changes: ['d/a', 'd/b'].map((key) => changeOf(key, [`/${key}`])) };
  const noWildcards = (paths: readonly string[]) => (hasWildcard(paths) ? FULL : ACCEPTED);
  expect((await ask([folder], noWildcards, true)).asked).toEqual([['/d/*']]);
  expect((await ask([folder], noWildcards, false)).asked).toEqual([['/d/*'], ['/d/a', '/d/b']]);
  expect((await ask([part('/a'), folder], () => FULL, false)).asked).toEqual([['/a', '/d/*'], ['/a'], ['/d/*']]);
});
