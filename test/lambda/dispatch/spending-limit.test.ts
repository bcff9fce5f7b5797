import { EMPTY_LEDGER, type Ledger } from '../../../lambda/dispatch/ledger';
import { batchLimit } from '../../../lambda/dispatch/spending-limit';
import { type RunningFunction, SITE, startFunction } from '../function';
import { message, s3Body } from '../messages';
import { countOf, numbered, START, virtualEnvironments } from '../virtual-environments';

let running: RunningFunction | undefined;
afterEach(() => running?.stop());

const DAY = 24 * 3_600_000;

/** A large site, of which objects all over change. */
const KEYS = numbered(20_000);
const MAXIMUM = 20;
const site = { ...SITE, maxPathsPerDay: MAXIMUM };

const some = (batch: number) => KEYS.filter((_, at) => at % 1000 === batch);

describe.each([
  ['with the ledger', undefined],
  ['with the ledger off', 'off' as const],
  ['with DynamoDB down', () => ({ kind: 'down' as const })],
])('%s', (_, ledger) => {
  test('a day never costs more than its maximum and a wildcard a batch, and nothing is left stale', async () => {
    const world = virtualEnvironments({ site, keys: KEYS, ledger });
    const environments = [world.startEnvironment(), world.startEnvironment(2000)];
    let exhausted = 0;
    for (let round = 0; round < 60; round++) {
      const handled = await world.settled(
        ...environments.map((receive, at) => receive(world.changesOf(some(60 * at + round)))),
      );
      for (const each of handled) {
        expect(each.failed).toEqual([]);
        expect(countOf(each, 'Budget exhausted')).toBe(each.counts.get('BudgetExhausted') ?? 0);
        expect(countOf(each, 'Budget exhausted')).toBeLessThanOrEqual(1);
        exhausted += countOf(each, 'Budget exhausted');
      }
    }
    const paths = world.paths().flat();
    expect(paths.length).toBeLessThanOrEqual(MAXIMUM + exhausted);
    expect(exhausted).toBeGreaterThan(0);
  });

  test('the next day starts anew', async () => {
    const world = virtualEnvironments({ site: { ...SITE, maxPathsPerDay: 20 }, ledger });
    const receive = world.startEnvironment();
    const longest: number[] = [];
    for (let round = 0; round < 25; round++) {
      await world.settled(receive(world.changesOf(numbered(5, `${round}/`))));
      longest.push(
        Math.max(
          ...world
            .paths()
            .slice(-1)
            .map((paths) => paths.length),
        ),
      );
    }
    const [exhausted] = await world.settled(receive(world.changesOf(numbered(5, 'x/'))));
    expect(exhausted && countOf(exhausted, 'Budget exhausted')).toBe(1);
    const [fresh] = await world.settled(receive(world.changesOf(['z.html'], 0), START + DAY));
    expect(fresh && countOf(fresh, 'Budget exhausted')).toBe(0);
  });
});

describe('the limit of a batch', () => {
  const ledgerWith = (spent: number, unshared = 0, day = '2026-11-23'): Ledger => ({
    ...EMPTY_LEDGER,
    spent: { day, paths: spent },
    unshared: { day, paths: unshared },
  });

  test.each([
    ['is a share of what is left', 1000, ledgerWith(500), true, 50],
    ['is a path at least', 1000, ledgerWith(995), true, 1],
    ['is none once the day is used up', 1000, ledgerWith(1000), true, 0],
    ['is not changed by what was spent yesterday', 1000, ledgerWith(1000, 0, '2026-11-22'), true, 100],
    ['counts what was spent by a clock that is ahead, at midnight', 1000, ledgerWith(1000, 0, '2026-11-24'), true, 0],
    ['is of half of what is left where nobody shares the ledger', 1000, ledgerWith(0), false, 50],
    ['is of that half less what this environment spent of it', 1000, ledgerWith(300, 300), false, 20],
    ['is of half of what was left when the ledger was last shared', 1000, ledgerWith(700, 100), false, 10],
  ])('%s', (_, maximum, ledger, isShared, limit) => {
    expect(batchLimit(maximum, ledger, isShared, START)).toBe(limit);
  });
});

test('a batch that waits logs and counts an exhausted budget once', async () => {
  const world = virtualEnvironments({ site: { ...SITE, maxPathsPerDay: 1 }, keys: KEYS });
  const receive = world.startEnvironment();
  for (let round = 0; round < 3; round++) {
    const [handled] = await world.settled(receive(world.changesOf(some(round))));
    if (round === 0) continue;
    expect(handled && countOf(handled, 'Waiting')).toBeGreaterThan(0);
    expect(handled && countOf(handled, 'Budget exhausted')).toBe(1);
  }
});

test('two environments whose clocks differ do not spend a day twice at midnight', async () => {
  const midnight = Date.parse('2026-11-24T00:00:00.000Z');
  const world = virtualEnvironments({ site: { ...SITE, maxPathsPerDay: 100 }, start: midnight - 1900 });
  const [ahead, behind] = [world.startEnvironment(2000), world.startEnvironment()];
  await world.settled(
    ahead(world.changesOf(numbered(10, 'a/'))),
    behind(world.changesOf(numbered(10, 'b/')), midnight - 1000),
  );
  await world.settled(ahead(world.changesOf(['c.html'], 0)));
  expect(world.store?.largest).toBeGreaterThan(0);
  expect(world.paths().flat().length).toBeLessThanOrEqual(21);
});

test('over HTTP: what is left of the day bounds each batch, the log says when it is used up, and a metric counts it', async () => {
  running = await startFunction({ ...SITE, maxPathsPerDay: 10 });
  const limits: number[] = [];
  for (let at = 0; at < 12; at++) {
    const keys = ['a', 'b', 'c'].map((name) => `${at}/${name}.html`);
    const { returned, log, metrics } = await running.receive(keys.map((key) => message(key, s3Body(key))));
    expect(returned).toEqual([]);
    const lines = log.filter((line) => line.message === 'Budget exhausted');
    expect(metrics.BudgetExhausted ?? []).toEqual(lines.map(() => 1));
    limits.push(running.cloudFront.invalidations.at(-1)?.paths.length ?? 0);
    if (at === 11)
      expect(lines).toEqual([expect.objectContaining({ level: 'WARN', distribution: 'E1SITE', maxPathsPerDay: 10 })]);
  }
  expect(Math.max(...limits)).toBe(1);
});
