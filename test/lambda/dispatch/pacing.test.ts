import { EMPTY_LEDGER } from '../../../lambda/dispatch/ledger';
import { PACING, requiredDelay } from '../../../lambda/dispatch/pacing';
import { numbered, START, virtualEnvironments, waitsOf } from '../virtual-environments';

const isWildcard = (path: string) => path.endsWith('*');

/** A large bucket, of which another twentieth changes each time: for that, all of it is evicted. */
const KEYS = numbered(30_000);
const twentieth = (start: number) => KEYS.filter((_, at) => at % 20 === start);

/** Small folders, each of which a wildcard covers without evicting much. */
const FOLDERS = Array.from('abcdefghijkl', (letter) => numbered(30, `${letter}/`)).flat();
const folder = (letter: string) => FOLDERS.filter((key) => key.startsWith(letter)).slice(1);

const LONG_AGO = 3_600_000;

type World = ReturnType<typeof virtualEnvironments>;

/** Changes that no earlier invalidation covers: of now. */
const now = (world: World, keys: readonly string[]) => world.changesOf(keys, 0);

/** Lets an invocation end, and no more time pass. */
async function handle(
  world: World,
  receive: ReturnType<World['startEnvironment']>,
  keys: readonly string[],
  remaining?: number,
) {
  const handling = receive(now(world, keys), undefined, remaining);
  let isDone = false;
  void handling.then(() => {
    isDone = true;
  });
  while (!isDone) await world.pass(100);
  return handling;
}

describe('a plan that evicts much', () => {
  test('waits until 51 s after the last wildcard, as far as its invocation has the time, and takes one', async () => {
    const world = virtualEnvironments({ keys: KEYS });
    const receive = world.startEnvironment();
    expect(waitsOf(await handle(world, receive, twentieth(0)))).toEqual([]);
    const second = await handle(world, receive, twentieth(1));
    expect(waitsOf(second)).toEqual([['Paced', expect.closeTo(33_000, -4)]]);
    expect(second.failed).toEqual([]);
    expect(second.ended - second.began).toBeLessThan(40_000);
    expect(world.paths().map((paths) => paths.filter(isWildcard).length)).toEqual([1, 1]);
  });

  test('takes one wildcard at once, and also where it has waited long enough', async () => {
    const world = virtualEnvironments({ keys: KEYS });
    const receive = world.startEnvironment();
    await handle(world, receive, twentieth(0));
    await world.pass(30_000);
    const { began, ended } = await handle(world, receive, twentieth(1));
    expect(ended - began).toBeLessThan(25_000);
    expect(world.paths().map((paths) => paths.filter(isWildcard).length)).toEqual([1, 1]);
  });

  test('does not wait once the last wildcard is so long ago', async () => {
    const world = virtualEnvironments({ keys: KEYS });
    const receive = world.startEnvironment();
    await handle(world, receive, twentieth(0));
    await world.pass(PACING.distance);
    expect(waitsOf(await handle(world, receive, twentieth(1)))).toEqual([]);
  });

  test('does not wait where hardly any time is left', async () => {
    const world = virtualEnvironments({ keys: KEYS });
    const receive = world.startEnvironment();
    await handle(world, receive, twentieth(0));
    const { failed, began, ended } = await handle(world, receive, twentieth(1), 6500);
    expect(failed).toEqual([]);
    expect(ended - began).toBeLessThan(6500);
  });

  test('gives the lease to others while it waits, and finds covered what they invalidated', async () => {
    const world = virtualEnvironments({ keys: KEYS });
    const [one, other] = [world.startEnvironment(), world.startEnvironment()];
    await handle(world, one, twentieth(0));
    const waiting = one(now(world, twentieth(1)));
    await world.pass(5000);
    const beside = await handle(world, other, ['page-00002']);
    expect(waitsOf(beside)).toEqual([]);
    expect(beside.ended - beside.began).toBeLessThan(5000);
    const [waited] = await world.settled(waiting);
    expect(waited && waitsOf(waited).map(([why]) => why)).toEqual(['Paced']);
    expect(world.paths().map((paths) => paths.length)).toEqual([1, 1, 1]);
  });

  test('of which two wait at the same time is invalidated once', async () => {
    const world = virtualEnvironments({ keys: KEYS });
    const [one, other] = [world.startEnvironment(), world.startEnvironment()];
    await handle(world, one, twentieth(0));
    const handled = await world.settled(one(now(world, twentieth(1))), other(now(world, twentieth(2))));
    expect(handled.flatMap(({ failed }) => failed)).toEqual([]);
    expect(world.invalidations).toHaveLength(2);
    for (const { began, ended } of handled) expect(ended - began).toBeLessThan(40_000);
  });
});

describe('plans with wildcards that evict little', () => {
  test('wait once five wildcards were used in ten minutes; others never do', async () => {
    const world = virtualEnvironments({ keys: [...FOLDERS, ...numbered(5000, 'z/')] });
    const receive = world.startEnvironment();
    const waits = [];
    for (const letter of 'abcdef') waits.push(waitsOf(await handle(world, receive, folder(letter))).length);
    expect(waits).toEqual([0, 0, 0, 0, 0, 1]);
    expect(world.paths().flat().filter(isWildcard)).toHaveLength(6);
    expect(waitsOf(await handle(world, receive, ['z/00001']))).toEqual([]);
    await world.pass(10 * 60_000);
    expect(waitsOf(await handle(world, receive, folder('g')))).toEqual([]);
  });

  test('wait until their oldest new change is as old as it may become, and no longer', async () => {
    const world = virtualEnvironments({ keys: [...FOLDERS, ...numbered(5000, 'z/')] });
    const receive = world.startEnvironment();
    for (const letter of 'abcde') await handle(world, receive, folder(letter));
    const [waited] = await world.settled(receive(world.changesOf(folder('f'), 45_000)));
    expect(waited && waitsOf(waited)).toEqual([['Paced', expect.closeTo(6000, -4)]]);
    const [old] = await world.settled(receive(world.changesOf(folder('g'), 60_000)));
    expect(old && waitsOf(old)).toEqual([]);
  });

  test('take as many wildcards as they need where they can wait, and else a single one, unless that costs twice as much', async () => {
    const world = virtualEnvironments({ keys: [...FOLDERS, ...numbered(5000, 'z/')] });
    const receive = world.startEnvironment();
    for (const letter of 'abcde') await handle(world, receive, folder(letter));
    await world.pass(25_000);
    await handle(world, receive, [...folder('f'), ...folder('l'), 'z/00001']);
    expect(world.paths().at(-1)?.filter(isWildcard)).toHaveLength(2);
    await handle(world, receive, [...folder('g'), ...folder('h'), 'z/00002'], 15_000);
    expect(world.paths().at(-1)?.filter(isWildcard)).toHaveLength(2);
    const scattered = Array.from({ length: 40 }, (_, at) => `z/0${at + 10}00`);
    await handle(world, receive, [...folder('i'), ...folder('j'), ...scattered], 15_000);
    expect(world.paths().at(-1)?.filter(isWildcard)).toHaveLength(1);
  });
});

test('nothing waits for its pace while CloudFront accepts nothing at all', async () => {
  let isDown = false;
  const world = virtualEnvironments({
    keys: KEYS,
    cloudFront: { fault: () => (isDown ? { kind: 'refuse', status: 503, code: 'ServiceUnavailable' } : undefined) },
  });
  const receive = world.startEnvironment();
  await handle(world, receive, twentieth(0));
  isDown = true;
  for (const start of [1, 2]) await handle(world, receive, [KEYS[start] ?? '']);
  const { failed, log } = await handle(world, receive, twentieth(3));
  expect(failed).toHaveLength(1500);
  expect(log.filter(([text]) => text === 'Waiting')).toEqual([]);
});

describe('the delay', () => {
  const wildcardAt = (createTime: number) => ({
    ...EMPTY_LEDGER,
    invalidations: [{ id: 'I', createTime, paths: ['/*'] }],
  });
  const wide = { paths: ['/*'], wildcards: 1, evicted: 10_000, guessed: false, price: 1 };

  test('is never longer than the distance, should a clock be behind, and never negative', () => {
    expect(requiredDelay(wide, wildcardAt(START), START - LONG_AGO)).toBe(PACING.distance);
    expect(requiredDelay(wide, wildcardAt(START), START + LONG_AGO)).toBe(0);
  });

  test('is none for a plan without wildcards, with an empty ledger, and after exact paths', () => {
    expect(requiredDelay({ ...wide, wildcards: 0 }, wildcardAt(START), START)).toBe(0);
    expect(requiredDelay(wide, EMPTY_LEDGER, START)).toBe(0);
    const exact = { ...EMPTY_LEDGER, invalidations: [{ id: 'I', createTime: START, paths: ['/a'] }] };
    expect(requiredDelay(wide, exact, START)).toBe(0);
  });
});
