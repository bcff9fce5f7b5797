import { viewerPaths } from '../../lambda/paths/viewer-path';
import { MARKS, type Mark } from '../../local/page/marks';
import { createRecord, type LocalRecord, type Tree } from '../../local/page/record';
import { MOST_TOLD } from '../../local/page/stories';
import { deploy, invoke, put, WATCHED } from './deploy';

function started(before: readonly string[]) {
  const clock = { now: 0 };
  const record = createRecord(() => clock.now);
  for (const key of before) put(record, key);
  record.begin(WATCHED);
  return { record, clock };
}

/** The mark of each object that has a line of its own. */
function marksOf({ rows }: Tree = { version: 0, rows: [] }): Record<string, Mark | undefined> {
  const objects = rows.filter(({ kind }) => kind === 'object');
  return Object.fromEntries(objects.map(({ name, counts }) => [name, MARKS[counts.indexOf(1)]]));
}

test('a batch tells what changed, what a wildcard covers, and what it evicted unchanged', () => {
  const { record } = started(['a/1', 'a/2', 'a/3', 'b/1', 'b/2']);
  for (const key of ['a/1', 'a/2', 'b/1']) put(record, key);
  const batch = invoke(record, ['a/1', 'a/2', 'b/1']);
  batch.invalidate(['/a/*', '/b/1']);
  batch.finish();
  const [summary] = record.snapshot(undefined).batches;
  expect(summary).toMatchObject({ changed: 3, paths: 2, wildcards: 1, returned: 0, doneAt: 400 });
  const tree = record.batchTree(summary?.number ?? 0);
  expect(tree?.rows.map(({ depth, name, wildcards }) => [depth, name, wildcards])).toEqual([
    [0, '/', []],
    [1, 'a/', ['/a/*']],
    [2, '1', []],
    [2, '2', []],
    [2, '3', []],
    [1, 'b/', []],
    [2, '1', []],
    [2, '2', []],
  ]);
  const marks = tree?.rows.map(({ counts }) => MARKS.filter((_, at) => (counts[at] ?? 0) > 0).join());
  expect(marks).toEqual([
    'path,wildcard,evicted,untouched',
    'wildcard,evicted',
    'wildcard',
    'wildcard',
    'evicted',
    'path,untouched',
    'path',
    'untouched',
  ]);
});

test('a wildcard covers however a name is spelled, also when it ends within a character', () => {
  const { record } = started(['plus+a', 'plus a', 'café.html', 'cafeteria.html']);
  deploy(record, ['new'], ['/plus+*', '/caf%C3*']);
  expect(marksOf(record.batchTree(1))).toEqual({
    'café.html': 'evicted',
    'cafeteria.html': 'untouched',
    new: 'earlier',
    'plus a': 'evicted',
    'plus+a': 'evicted',
  });
});

test('a change waits until its batch is done; what is retried waits on', () => {
  const { record } = started([]);
  for (const key of ['kept', 'sent']) put(record, key);
  expect(record.snapshot(undefined).waiting).toBe(2);
  expect(marksOf(record.bucketTree())).toEqual({ kept: 'waiting', sent: 'waiting' });
  const batch = invoke(record, ['kept', 'sent']);
  batch.invalidate(['/sent']);
  batch.finish(['kept']);
  expect(record.snapshot(undefined)).toMatchObject({ waiting: 1, batches: [{ returned: 1 }] });
  expect(marksOf(record.batchTree(1))).toEqual({ kept: 'waiting', sent: 'path' });
});

test('an object that changed again after its batch began waits for the next', () => {
  const { record } = started([]);
  put(record, 'a', 0);
  const batch = invoke(record, ['a'], 10);
  put(record, 'a', 20);
  batch.invalidate(['/a']);
  batch.finish();
  expect(record.snapshot(undefined).waiting).toBe(1);
});

test('what a batch needs no path for was covered earlier', () => {
  const { record } = started([]);
  deploy(record, ['a', 'b'], ['/*']);
  deploy(record, ['a'], []);
  expect(marksOf(record.batchTree(2))).toEqual({ a: 'earlier', b: 'untouched' });
});

test('what changed already, but comes in a later batch, was not evicted unchanged', () => {
  const { record } = started(['same']);
  put(record, 'first');
  put(record, 'second');
  const batch = invoke(record, ['first']);
  batch.invalidate(['/*']);
  batch.finish();
  expect(marksOf(record.batchTree(1))).toEqual({ first: 'wildcard', same: 'evicted', second: 'waiting' });
});

test('an invalidation is that of the batch whose message its reference names, though another is under way', () => {
  const { record } = started([]);
  const [a, b] = [invoke(record, ['a']), invoke(record, ['b'])];
  a.log({ message: 'Planned', function_request_id: 'r1', listedPages: 3 });
  a.log({ message: 'Invalidation accepted', function_request_id: 'r1', callerReference: a.callerReference });
  b.invalidate(['/b', '/b/']);
  a.invalidate(['/a']);
  b.finish();
  a.finish();
  expect(record.snapshot(undefined).batches).toMatchObject([
    { number: 1, paths: 1, listedPages: 3 },
    { number: 2, paths: 2, listedPages: 0 },
  ]);
});

describe('when two batches meet', () => {
  function met() {
    const { record, clock } = started([]);
    const [first, second] = [invoke(record, ['a']), invoke(record, ['b'])];
    // The newest first.
    const leases = () => record.snapshot(undefined).batches.map(({ lease }) => lease);
    return { record, clock, first, second, leases };
  }

  test('it is seen which holds the lease, and which waits for it', () => {
    const { record, first, second, leases } = met();
    expect(leases()).toEqual([undefined, undefined]);
    record.lease({ holder: `${first.requestId}/1`, expires: 45_000 });
    expect(leases()).toEqual(['other', 'own']);
    first.finish();
    record.lease({ holder: `${second.requestId}/1`, expires: 45_000 });
    expect(leases()).toEqual(['own', undefined]);
    record.lease(undefined);
    expect(leases()).toEqual([undefined, undefined]);
  });

  test('a lease that has expired holds nobody up', () => {
    const { record, clock, first, leases } = met();
    record.lease({ holder: first.requestId, expires: 45_000 });
    clock.now = 45_000;
    expect(leases()).toEqual([undefined, undefined]);
  });

  test('one that has had its turn waits no more', () => {
    const { record, first, second, leases } = met();
    first.invalidate(['/a']);
    record.lease({ holder: second.requestId, expires: 45_000 });
    expect(leases()).toEqual(['own', undefined]);
  });

  test('it is seen how long each has waited, as the log of its invocation tells', () => {
    const { record, first, second } = met();
    const waiting = { message: 'Waiting', function_request_id: second.requestId, distribution: 'E1SITE' };
    second.log({ ...waiting, ms: 1_200, why: 'LeaseHeld' });
    second.log({ ...waiting, ms: 51_000, why: 'Paced' });
    second.log({ ...waiting, ms: 300, why: 'LeaseHeld' });
    first.finish();
    second.finish();
    expect(record.snapshot(undefined).batches.map(({ waited }) => waited)).toEqual([1_500, 0]);
  });

  test('news of the lease are told, and only those', () => {
    let news = 0;
    const record = createRecord(
      () => 0,
      () => {
        news += 1;
      },
    );
    record.lease(undefined);
    for (const expires of [1, 1, 2]) record.lease({ holder: 'a', expires });
    expect(news).toBe(2);
  });
});

describe('the bill', () => {
  test('is compared with that of one path for each URL of each changed object', () => {
    const { record } = started([]);
    const keys = Array.from({ length: 1_200 }, (_, at) => `a/${at}`);
    deploy(record, keys, ['/a/*']);
    expect(record.snapshot(undefined).bill).toEqual({
      paths: 1,
      urls: 1_200,
      dollars: 0,
      dollarsForEach: 1,
      inFull: 0.005,
      inFullForEach: 6,
    });
  });

  test('of an object with several URLs is no dearer than that of one path for each', () => {
    const { record } = started([]);
    const key = 'a b/index.html';
    const urls = viewerPaths(key, '', 'index.html');
    deploy(record, [key], urls);
    expect(urls.length).toBeGreaterThan(3);
    expect(record.snapshot(undefined).bill).toMatchObject({ paths: urls.length, urls: urls.length });
  });

  test('counts what comes again once', () => {
    const { record } = started([]);
    const first = invoke(record, ['a', 'b']);
    first.finish(['a', 'b']);
    invoke(record, ['a', 'b'], 10, first).finish();
    expect(record.snapshot(undefined).bill.urls).toBe(2);
    invoke(record, ['a'], 20).finish();
    expect(record.snapshot(undefined).bill.urls).toBe(3);
  });
});

test('what was loaded is in the bucket, and is no change', () => {
  const { record } = started([]);
  record.event({ kind: 'loaded', bucket: 'site', keys: ['a', 'b'] });
  expect(record.snapshot(undefined)).toMatchObject({ objects: 2, waiting: 0, stories: [], bill: { urls: 0 } });
  expect(marksOf(record.bucketTree())).toEqual({ a: 'untouched', b: 'untouched' });
});

test('a batch tells why messages of it are retried, the commonest reason first', () => {
  const { record } = started([]);
  const batch = invoke(record, ['a', 'b', 'c']);
  const why = ['Access\u001b denied', 'Rate exceeded', 'Rate exceeded'];
  for (const [at, messageId] of batch.messageIds.entries())
    batch.log({ message: 'Message failed', messageId, why: why[at] });
  batch.finish(['a', 'b', 'c']);
  expect(record.snapshot(undefined).batches[0]?.reasons).toEqual([
    { why: 'Rate exceeded', messages: 2 },
    { why: 'Access\\u{1b} denied', messages: 1 },
  ]);
});

describe('what became of an object', () => {
  const storyOf = (record: LocalRecord, text = '') => record.stories(text)[0];

  test('is told from its change to its page that is fresh', () => {
    const { record, clock } = started([]);
    put(record, 'docs/index.html', 5);
    expect(storyOf(record)).toEqual({ key: 'docs/index.html', changedAt: 5, isGone: false, isStale: false });
    const page = { key: 'docs/index.html', path: '/docs/', eTag: 'e', changedAt: 5 };
    record.stale(page);
    const batch = invoke(record, ['docs/index.html'], 20);
    expect(storyOf(record)).toMatchObject({
      message: { id: batch.messageIds[0], receives: 1 },
      batch: { number: 1, at: 20 },
      isStale: true,
    });
    const id = batch.invalidate(['/a', '/docs/*', '/docs*']);
    const fields = { function_request_id: batch.requestId, invalidationId: id };
    batch.log({ ...fields, message: 'Invalidation accepted', keys: ['other'] });
    batch.log({ ...fields, message: 'Invalidation accepted, further keys', keys: ['docs/index.html'] });
    batch.finish();
    clock.now = 30;
    record.fresh(page, 25);
    expect(storyOf(record)).toMatchObject({
      invalidation: { id, at: 20, path: '/docs/*', kind: 'sent' },
      isStale: false,
      freshAfter: 25,
    });
  });

  test('is told when its message is returned, why, and when it comes again', () => {
    const { record } = started([]);
    put(record, 'a', 0);
    const batch = invoke(record, ['a'], 10);
    batch.log({ message: 'Message failed', messageId: batch.messageIds[0], why: 'Rate exceeded' });
    batch.finish(['a']);
    expect(storyOf(record)?.returned).toEqual({ why: 'Rate exceeded', at: 410 });
    const again = invoke(record, ['a'], 500, batch);
    expect(storyOf(record)).toMatchObject({ batch: { at: 500 } });
    expect(storyOf(record)).not.toHaveProperty('returned');
    again.log({
      message: 'Already covered',
      function_request_id: again.requestId,
      invalidationId: 'IOTHER',
      keys: ['a'],
    });
    again.finish();
    expect(storyOf(record)?.invalidation).toEqual({ id: 'IOTHER', at: 500, kind: 'earlier' });
  });

  test('is that of its newest change: an earlier batch is not the one', () => {
    const { record } = started([]);
    put(record, 'a', 0);
    const batch = invoke(record, ['a'], 10);
    put(record, 'a', 20);
    batch.log({
      message: 'Invalidation accepted',
      function_request_id: batch.requestId,
      invalidationId: batch.invalidate(['/a']),
      keys: ['a'],
    });
    batch.finish();
    expect(storyOf(record)).toEqual({ key: 'a', changedAt: 20, isGone: false, isStale: false });
    invoke(record, ['a'], 30).finish();
    expect(storyOf(record)).toMatchObject({ batch: { number: 2 }, needsNone: true });
  });

  test('is found by a part of its key; few are told at once', () => {
    const { record } = started([]);
    for (let at = 0; at < 3_000; at += 1) put(record, `page-${at}.html`, at);
    expect(record.stories('page-29').map(({ key }) => key)).toEqual(
      Array.from({ length: MOST_TOLD }, (_, at) => `page-${2_999 - at}.html`),
    );
    expect(record.stories('page-2999')).toHaveLength(1);
    expect(record.stories('page-10.')).toEqual([]);
    expect(record.snapshot(undefined).stories).toHaveLength(MOST_TOLD);
  });
});

test('the paths of an invalidation are told, as far as a page can show them', () => {
  const { record } = started([]);
  const batch = invoke(record, ['a']);
  const id = batch.invalidate(Array.from({ length: 2_000 }, (_, at) => `/${at}`));
  expect(record.pathsOf(id)).toHaveLength(1_000);
  expect(record.pathsOf('INONE')).toBeUndefined();
});

test('what a tree leaves out of a folder is folded into its line', () => {
  const { record } = started(Array.from({ length: 40 }, (_, at) => `a/${String(at).padStart(2, '0')}`));
  deploy(record, ['a/39'], ['/a/39']);
  const more = record.batchTree(1)?.rows.find(({ kind }) => kind === 'more');
  expect(more).toMatchObject({ name: '37', depth: 2 });
  expect(more?.folded).toHaveLength(20);
  expect(more?.folded[0]).toMatchObject({ kind: 'object', depth: 3 });
});

test('the pages that are stale and fresh are counted over time', () => {
  const { record, clock } = started([]);
  const page = { path: '/a', eTag: 'e', changedAt: 0 };
  record.stale(page);
  clock.now = 2_000;
  record.fresh(page, 2_000);
  expect(record.snapshot(undefined)).toMatchObject({
    staleCount: 0,
    freshCount: 1,
    steps: [
      { at: 0, stale: 0, fresh: 0 },
      { at: 0, stale: 1, fresh: 0 },
      { at: 2_000, stale: 0, fresh: 1 },
    ],
    pages: [{ path: '/a', changedAt: 0, freshAfter: 2_000 }],
  });
});

test('nothing of a key steers: control characters are written out', () => {
  const { record } = started([]);
  deploy(record, ['a\u202eb\u001b[2J'], ['/a%E2%80%AEb%1B[2J']);
  record.stale({ path: '/\u0007', eTag: 'e', changedAt: 0 });
  const all = JSON.stringify([record.snapshot(undefined), record.batchTree(1), record.bucketTree()]);
  expect(all).toContain('a\\\\u{202e}b\\\\u{1b}[2J');
  expect(JSON.parse(all)).toEqual(expect.anything());
  expect(all).not.toMatch(/\\u00|[\p{Cc}\p{Cf}]/u);
});

test('however much happens, a snapshot and a tree stay small', () => {
  const { record } = started([]);
  const keys = Array.from({ length: 100 }, (_, at) => `folder ${at % 10}/${at}.html`);
  for (let round = 0; round < 300; round += 1) {
    deploy(record, keys, ['/*', ...keys.map((key) => `/${key}`)]);
    record.stale({ path: `/${'long'.repeat(200)}${round}`, eTag: 'e', changedAt: 0 });
  }
  const { invalidations: _, ...snapshot } = record.snapshot(undefined);
  expect(JSON.stringify(snapshot).length).toBeLessThan(40_000);
  expect(snapshot.batches).toHaveLength(50);
  expect(record.batchTree(1)).toBeUndefined();
});
