import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import {
  type AcceptedInvalidation,
  afterTurn,
  decodeLedger,
  EMPTY_LEDGER,
  encodeLedger,
  type Ledger,
  LONGEST_INVALIDATION,
  shared,
  withAccepted,
  withKnown,
} from '../../../lambda/dispatch/ledger';
import { coveringInvalidation } from '../../../lambda/dispatch/recent-invalidations';
import { numbered, START, virtualEnvironments } from '../virtual-environments';

const KB = 1024;
const MINUTE = 60_000;

let ids = 0;
const accepted = (paths: readonly string[], createTime = START): AcceptedInvalidation => ({
  id: `I${(ids++).toString(36).toUpperCase().padStart(13, '0')}`,
  createTime,
  paths,
});
const ledgerOf = (invalidations: readonly AcceptedInvalidation[], ledger = EMPTY_LEDGER): Ledger =>
  invalidations.reduce((sum, each) => withAccepted(sum, each, each.createTime), ledger);

/** Names that do not compress, of 1,000 bytes. */
const randomName = () => `/${randomBytes(749).toString('base64url')}`;

describe('what is stored', () => {
  test('comes back as it was', () => {
    const ledger = ledgerOf([accepted(['/a', '/b*']), accepted(['/c'], START + 1000)]);
    expect(decodeLedger(encodeLedger(ledger))).toEqual(shared(ledger));
  });

  test.each([
    ['nothing', undefined],
    ['no bytes', new Uint8Array()],
    ['no compressed text', new Uint8Array([1, 2, 3])],
    ['no JSON', deflateRawSync('ledger')],
    ['null', deflateRawSync('null')],
    ['another object', deflateRawSync('{"invalidations":[]}')],
    [
      'a ledger without times',
      deflateRawSync(JSON.stringify({ ...EMPTY_LEDGER, invalidations: [{ id: 'I', paths: [] }] })),
    ],
    ['a ledger of no invalidations', deflateRawSync(JSON.stringify({ ...EMPTY_LEDGER, invalidations: [null] }))],
    [
      'a ledger with paths that are none',
      deflateRawSync(JSON.stringify({ ...EMPTY_LEDGER, invalidations: [{ id: 'I', createTime: 1, paths: [1] }] })),
    ],
    ['a ledger without a day', deflateRawSync(JSON.stringify({ ...EMPTY_LEDGER, spent: { paths: 1 } }))],
    ['a ledger cut in half', encodeLedger(ledgerOf([accepted(numbered(100, '/'))])).slice(0, 100)],
  ])('when it is %s is an empty ledger', (_, bytes) => {
    expect(decodeLedger(bytes)).toEqual(EMPTY_LEDGER);
  });

  test('is 4 KB at most after ten minutes of plans of 400 exact paths', () => {
    const plans = Array.from({ length: 30 }, (_, at) =>
      accepted(
        Array.from({ length: 400 }, (_, path) => `/blog/2026/${(at * 7919 + path * 104729) % 100_000}/index.html`),
        START + at * 20_000,
      ),
    );
    expect(encodeLedger(ledgerOf(plans)).length).toBeLessThanOrEqual(4 * KB);
  });

  test.each([
    ['exact paths', (at: number) => accepted(Array.from({ length: 400 }, randomName), START + at * 1000), 200],
    [
      '15 wildcards each',
      (at: number) =>
        accepted(
          Array.from({ length: 15 }, () => `${randomName()}*`),
          START + at * 1000,
        ),
      500,
    ],
    [
      'both',
      (at: number) => accepted([...Array.from({ length: 100 }, randomName), `${randomName()}*`], START + at * 1000),
      500,
    ],
  ])('is 100 KB at most with names of 1,000 bytes that do not compress: %s', (_, make, count) => {
    const ledger = ledgerOf(Array.from({ length: count }, (_, at) => make(at)));
    expect(encodeLedger(ledger).length).toBeLessThanOrEqual(100 * KB);
    // In memory, too, it stays within bounds.
    expect(JSON.stringify(ledger).length).toBeLessThan(10 * KB * KB);
  });

  test('loses the oldest exact paths first, and says since when none is missing', () => {
    const plans = Array.from({ length: 60 }, (_, at) =>
      accepted([...numbered(40, `/${at}/`), `/w-${at}*`], START + at * 1000),
    );
    const stored = decodeLedger(encodeLedger(ledgerOf(plans)));
    const covers = coveringInvalidation(stored.invalidations);
    const change = START - 2000;
    for (const [at, { createTime }] of plans.entries()) {
      expect(covers(`/w-${at}/x`, change)).toBeDefined();
      if (createTime > stored.completeSince) expect(covers(`/${at}/00007`, change)).toBeDefined();
    }
    expect(stored.completeSince).toBeGreaterThan(START);
    expect(stored.completeSince).toBeLessThan(START + 60_000);
  });
});

test('what is older than any invalidation can last is forgotten, and nothing younger', () => {
  const ledger = ledgerOf([accepted(['/a*']), accepted(['/b*'], START + MINUTE)]);
  const later = withAccepted(ledger, accepted(['/c'], START + LONGEST_INVALIDATION), START + LONGEST_INVALIDATION);
  expect(later.invalidations.map(({ paths }) => paths)).toEqual([['/b*'], ['/c']]);
  expect(later.completeSince).toBe(START);
});

test('an invalidation that was created in the future is a mistake, and covers nothing for long', () => {
  const stored = { ...EMPTY_LEDGER, invalidations: [accepted(['/*'], START + 365 * 24 * 60 * MINUTE)] };
  expect(withKnown(decodeLedger(encodeLedger(stored)), EMPTY_LEDGER, START).invalidations).toEqual([]);
});

test('a ledger of a day that is none is an empty one', () => {
  const stored = { ...EMPTY_LEDGER, spent: { day: 'zzzz', paths: 500 } };
  expect(decodeLedger(encodeLedger(stored))).toEqual(EMPTY_LEDGER);
});

test('an invalidation of which CloudFront did not say when it was created covers nothing', () => {
  expect(withAccepted(EMPTY_LEDGER, accepted(['/a'], 0), START).invalidations).toEqual([]);
});

test('what an environment knows besides a stored ledger is added, and what it spent alone', () => {
  const stored = ledgerOf([accepted(['/a'])]);
  const known = ledgerOf([accepted(['/b', '/c'], START + 1)], shared(stored));
  const both = withKnown(decodeLedger(encodeLedger(stored)), known, START + 2);
  expect(both.invalidations.map(({ paths }) => paths)).toEqual([['/a'], ['/b', '/c']]);
  expect([both.spent.paths, both.unshared.paths]).toEqual([3, 2]);
});

test('turns in a row in which nothing was accepted are counted, until something is', () => {
  const failed = afterTurn(EMPTY_LEDGER, EMPTY_LEDGER, true);
  const twice = afterTurn(failed, failed, true);
  expect([failed.failedTurns, twice.failedTurns, afterTurn(twice, twice, false).failedTurns]).toEqual([1, 2, 2]);
  const accepting = withAccepted(twice, accepted(['/a']), START);
  expect(afterTurn(accepting, twice, true).failedTurns).toBe(0);
});

test("CloudFront's time of creation counts, not that of its answer", async () => {
  const world = virtualEnvironments({ cloudFront: { latency: 4000 } });
  const receive = world.startEnvironment();
  const first = world.changesOf(['a.html']);
  // Changed after the invalidation was created, and before its answer came.
  let second: ReturnType<typeof world.changesOf> = [];
  await world.settled(receive(first));
  const [created = { createTime: 0 }] = world.invalidations;
  second = world.changesOf(['a.html'], world.time.now() - created.createTime - 1);
  const [handled] = await world.settled(receive(second));
  expect(handled?.failed).toEqual([]);
  expect(world.invalidations).toHaveLength(2);
});

test('a change whose time nobody tells is never covered', async () => {
  const world = virtualEnvironments();
  const receive = world.startEnvironment();
  await world.settled(receive(world.changesOf(['a.html'])));
  const untold = world.changesOf(['a.html']).map((record) => ({
    ...record,
    body: record.body.replace(/"eventTime":"[^"]*"/, '"eventTime":"soon"'),
    attributes: { ...record.attributes, SentTimestamp: '' },
  }));
  await world.settled(receive(untold));
  expect(world.invalidations).toHaveLength(2);
});

test('what an environment did while DynamoDB was down covers what it sees later, and is shared then', async () => {
  let isDown = true;
  const world = virtualEnvironments({ ledger: () => (isDown ? { kind: 'down' } : undefined) });
  const [one, other] = [world.startEnvironment(), world.startEnvironment()];
  await world.settled(one(world.changesOf(['a.html'])));
  isDown = false;
  const [again] = await world.settled(one(world.changesOf(['a.html'], world.time.now() - START + 4000)));
  expect(again?.failed).toEqual([]);
  await world.settled(other(world.changesOf(['a.html'], world.time.now() - START + 4000)));
  expect(world.invalidations).toHaveLength(1);
});
