import { createEdgeCache } from '../../local/edge/cache';
import { cacheTagsOf } from '../../local/edge/cache-tags';

const CONFIGURATION = { CacheTagConfig: { HeaderName: 'X-Amz-Meta-Cache-Tag' } };
const answer = (cacheTags: readonly string[] = []) => ({
  ...{ status: 200, headers: {}, body: Buffer.alloc(0), storedAt: 0 },
  cacheTags,
});
const holding = (...tags: string[]) => {
  const cache = createEdgeCache();
  cache.beginFetch('/a').store(answer(tags));
  return cache;
};

test.each<[object, string | string[] | undefined, string[]]>([
  [CONFIGURATION, 'image:Cat, b,, c ', ['image:cat', 'b', 'c']],
  [CONFIGURATION, ['a', 'b,c'], ['a', 'b', 'c']],
  [CONFIGURATION, undefined, []],
  [{}, 'a', []],
  [
    CONFIGURATION,
    Array.from({ length: 51 }, (_, at) => `t${at}`).join(),
    Array.from({ length: 50 }, (_, at) => `t${at}`),
  ],
])('%j and the header %j make the tags %j', (configuration, header, tags) => {
  const headers: Record<string, string | string[]> = header === undefined ? {} : { 'x-amz-meta-cache-tag': header };
  expect(cacheTagsOf(configuration, { headers })).toEqual(tags);
});

test.each<[string, boolean]>([
  ['#image:cat', false],
  ['#IMAGE:Cat', false],
  ['#image:*', true],
  ['#image', true],
  ['/image:cat', true],
])('after %s the tagged copy is held: %s', (item, isHeld) => {
  const cache = holding('image:cat', 'b');
  cache.invalidate([item]);
  expect(cache.get('/a') !== undefined).toBe(isHeld);
});

test('a path drops a tagged copy, too', () => {
  const cache = holding('b');
  cache.invalidate(['/a']);
  expect(cache.get('/a')).toBeUndefined();
});

test('what was on its way when its tag was invalidated is not kept', () => {
  const cache = createEdgeCache();
  const [old, other] = [cache.beginFetch('/a'), cache.beginFetch('/b')];
  cache.invalidate(['#x']);
  old.store(answer(['x']));
  other.store(answer(['y']));
  expect([cache.get('/a'), cache.get('/b')?.cacheTags]).toEqual([undefined, ['y']]);
});
