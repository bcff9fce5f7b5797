import { RATE_QUOTA } from '../../local/cloudfront/quota';
import type { SimulatedFault } from '../../local/simulation/cloudfront';
import { SITE } from './function';
import { countOf, numbered, virtualEnvironments, waitsOf } from './virtual-environments';

const FULL: SimulatedFault = { kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' };
const isWildcard = (path: string) => path.endsWith('*');

/** Each image has an exact path, and a wildcard. */
const IMAGES = {
  ...SITE,
  origins: SITE.origins.map((origin) => ({
    ...origin,
    aliases: [{ pattern: 'images/{name}.jpg', paths: ['/resized/{name}-*'] }],
  })),
};

describe('where no wildcard passes', () => {
  test.each([
    ['the ledger shows it', 5000],
    ['it is too young for the ledger to show it', 0],
  ])(
    'a path that was accepted is not paid for again when the rest of its object is planned again: %s',
    async (_, ago) => {
      const world = virtualEnvironments({
        site: IMAGES,
        cloudFront: { fault: (paths) => (paths.some(isWildcard) ? FULL : undefined) },
      });
      const receive = world.startEnvironment();
      const [handled] = await world.settled(receive(world.changesOf(['images/a.jpg', 'b.html'], ago)));
      expect(handled?.failed).toEqual(['m0']);
      expect(world.paths()).toEqual([['/b.html', '/images/a.jpg']]);
      expect(handled?.counts.get('InvalidatedPaths')).toBe(2);
    },
  );

  test('and an object is acknowledged once both of its paths were accepted', async () => {
    let wildcards = 0;
    const world = virtualEnvironments({
      site: IMAGES,
      cloudFront: { fault: (paths) => (paths.some(isWildcard) && wildcards++ < 3 ? FULL : undefined) },
    });
    const receive = world.startEnvironment();
    const [handled] = await world.settled(receive(world.changesOf(['images/a.jpg'])));
    expect(handled?.failed).toEqual([]);
    expect(world.paths()).toEqual([['/images/a.jpg'], ['/resized/a-*']]);
  });
});

test.each([
  ['TooManyInvalidationsInProgress', 400],
  ['ServiceUnavailable', 503],
  ['AccessDenied', 403],
  ['InvalidArgument', 400],
  ['Teapot', 418],
])('a CloudFront that always answers %s ends in failed messages in time, not in a loop', async (code, status) => {
  const world = virtualEnvironments({ site: IMAGES, cloudFront: { fault: () => ({ kind: 'refuse', status, code }) } });
  const receive = world.startEnvironment();
  const [handled] = await world.settled(receive(world.changesOf([...numbered(200), 'images/a.jpg'])));
  expect(handled?.failed).toHaveLength(201);
  expect((handled?.ended ?? 0) - (handled?.began ?? 0)).toBeLessThan(40_000);
  expect(world.calls.length).toBeLessThan(1000);
});

test.each([0, 1, 500, 1999, 2001, 3000, 4999, 7001])(
  'an invocation with %i ms left ends within them, but for a second to release the lease, and acknowledges nothing stale',
  async (remaining) => {
    for (const fault of [undefined, () => FULL]) {
      const world = virtualEnvironments({ ...(fault && { cloudFront: { fault } }), keys: numbered(100) });
      const receive = world.startEnvironment();
      const [handled] = await world.settled(receive(world.changesOf(numbered(50)), undefined, remaining));
      expect((handled?.ended ?? 0) - (handled?.began ?? 0)).toBeLessThanOrEqual(Math.max(remaining, 1000));
      if (world.invalidations.length === 0) expect(handled?.failed).toHaveLength(50);
    }
  },
);

test.each([3000, 5000, 9000])(
  'requests that keep a second between them end in time, with %i ms left',
  async (remaining) => {
    const world = virtualEnvironments({ cloudFront: { quota: RATE_QUOTA } });
    const receive = world.startEnvironment();
    const [handled] = await world.settled(receive(world.changesOf(numbered(1000)), undefined, remaining));
    expect((handled?.ended ?? 0) - (handled?.began ?? 0)).toBeLessThanOrEqual(remaining);
    const accepted = world.paths().flat().length;
    expect(handled?.failed.length).toBe(1000 - accepted);
  },
);

test('a quota that stays full for wildcards, with changes that arrive all the time, keeps nothing waiting that is exact', async () => {
  const world = virtualEnvironments({
    site: IMAGES,
    cloudFront: { quota: { kind: 'in-progress', paths: 3000, wildcards: 0 }, completesAfter: 600_000 },
  });
  const receive = world.startEnvironment();
  const [handled] = await world.settled(receive(world.changesOf(['images/a.jpg', 'images/b.jpg', ...numbered(50)])));
  expect(handled?.failed).toEqual(['m0', 'm1']);
  expect(world.paths().flat()).toHaveLength(52);
});

test('the same batch again after a lost answer has the same reference, though the ledger has changed', async () => {
  let isLost = true;
  const world = virtualEnvironments({ cloudFront: { fault: () => (isLost ? { kind: 'lose-answer' } : undefined) } });
  const receive = world.startEnvironment();
  const batch = world.changesOf(['a.html', 'b.html']);
  const [first] = await world.settled(receive(batch));
  expect(first?.failed).toHaveLength(2);
  isLost = false;
  await world.settled(receive(world.changesOf(['c.html'])));
  const [second] = await world.settled(receive(batch));
  expect(second?.failed).toEqual([]);
  expect(world.paths()).toEqual([['/a.html', '/b.html'], ['/c.html']]);
});

test('rejected paths do not make CloudFront pass for out of order', async () => {
  const world = virtualEnvironments({
    cloudFront: {
      fault: (paths) => {
        if (paths.some((path) => path.startsWith('/bad')))
          return { kind: 'refuse', status: 400, code: 'InvalidArgument' };
        return world.calls.length < 6 ? FULL : undefined;
      },
    },
  });
  const receive = world.startEnvironment();
  for (let time = 0; time < 3; time++) await world.settled(receive(world.changesOf(['bad.html'])));
  const [handled] = await world.settled(receive(world.changesOf(['a.html'])));
  expect(handled?.failed).toEqual([]);
  expect(handled && waitsOf(handled).length).toBeGreaterThan(1);
  expect(handled && countOf(handled, 'CreateInvalidation failed')).toBeGreaterThan(1);
});
