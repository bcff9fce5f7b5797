import { MARKS, type Mark } from '../../local/page/marks';
import { createRecord, type Tree } from '../../local/page/record';
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

test('the bill is compared with that of one path for each changed object', () => {
  const { record } = started([]);
  const keys = Array.from({ length: 1_200 }, (_, at) => `a/${at}`);
  deploy(record, keys, ['/a/*']);
  expect(record.snapshot(undefined).bill).toEqual({
    paths: 1,
    changes: 1_200,
    dollars: 0,
    dollarsForEach: 1,
    inFull: 0.005,
    inFullForEach: 6,
  });
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
