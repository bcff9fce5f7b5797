import { CLOCK_TOLERANCE } from '../../lambda/dispatch/recent-invalidations';
import { accepting, bareId, withArrivalTimes, withEarlierChanges, withModule } from './buggy-function';
import { type Bug, HARMED, STALE, STUCK, TWICE, testThatTheyAreFound } from './planted-bug';

type CallerReference = typeof import('../../lambda/cloudfront/caller-reference');
type InvalidateDistribution = typeof import('../../lambda/dispatch/invalidate-distribution');
type NextStep = typeof import('../../lambda/dispatch/next-step');
type PathGroups = typeof import('../../lambda/dispatch/path-group');

const A = { key: 'a', viewerPaths: ['/a'] };

const BUGS: readonly Bug[] = [
  { name: 'the caller reference is the bare message id', scenario: 'one environment', breaks: STUCK, subject: bareId },
  {
    name: 'the caller reference is the bare message id, with one object',
    scenario: 'one environment',
    bounds: { objects: [A] },
    breaks: STALE,
    subject: bareId,
  },
  {
    name: 'the caller reference is a digest of the paths',
    scenario: 'one environment',
    breaks: STALE,
    subject: () =>
      withModule<CallerReference>('cloudfront/caller-reference', ({ callerReference }) => ({
        callerReference: (_, paths, attempt) => callerReference(['digest'], paths, attempt),
      })),
  },
  {
    name: 'every call has a caller reference of its own',
    scenario: 'one environment',
    breaks: TWICE,
    subject: () => {
      let calls = 0;
      return withModule<CallerReference>('cloudfront/caller-reference', () => ({
        callerReference: () => `call-${calls++}`,
      }));
    },
  },
  {
    name: 'a used caller reference counts as success',
    scenario: 'a caller reference that others used',
    breaks: STALE,
    subject: () => accepting(({ message }) => message.includes('caller reference')),
  },
  {
    name: 'TooManyInvalidationsInProgress counts as success',
    scenario: 'a quota of invalidations in progress',
    breaks: STALE,
    subject: () => accepting(({ name }) => name === 'TooManyInvalidationsInProgress'),
  },
  {
    name: 'a batch is acknowledged when one of two distributions failed',
    scenario: 'two distributions',
    breaks: STALE,
    subject: () =>
      withModule<InvalidateDistribution>('dispatch/invalidate-distribution', ({ invalidateDistribution }) => ({
        invalidateDistribution: async (target, ...rest) => {
          const failures = await invalidateDistribution(target, ...rest);
          return target.distribution === 'E1' ? failures : new Map();
        },
      })),
  },
  {
    name: 'what is throttled is not returned',
    scenario: 'a quota of paths a second',
    breaks: STALE,
    subject: () =>
      withModule<InvalidateDistribution>('dispatch/invalidate-distribution', ({ invalidateDistribution }) => ({
        invalidateDistribution: async (...all) =>
          new Map([...(await invalidateDistribution(...all))].filter(([, { kind }]) => kind !== 'throttled')),
      })),
  },
  {
    name: 'a failure is forgotten when another environment is at work',
    scenario: 'two environments at once, and refusals',
    breaks: STALE,
    subject: () =>
      withModule<InvalidateDistribution>('dispatch/invalidate-distribution', ({ invalidateDistribution }) => {
        let atWork = 0;
        return {
          invalidateDistribution: async (...all) => {
            const alone = ++atWork === 1;
            const failures = await invalidateDistribution(...all);
            atWork--;
            return alone ? failures : new Map();
          },
        };
      }),
  },
  {
    name: 'a request with a path that CloudFront refuses is not divided',
    scenario: 'a path that CloudFront refuses',
    breaks: HARMED,
    subject: () => withModule<PathGroups>('dispatch/path-group', () => ({ bisect: () => [] })),
  },
  {
    name: 'of a request that is refused twice for the quota, some is forgotten',
    scenario: 'a path and a wildcard, each with a quota of its own',
    breaks: STALE,
    subject: () =>
      withModule<PathGroups>('dispatch/path-group', ({ splitByQuota }) => ({
        splitByQuota: (groups) => splitByQuota(groups).map((kind, at) => (at === 0 ? kind : [])),
      })),
  },
  {
    name: 'what has to be planned again counts as done',
    scenario: 'two objects, and no wildcard left for them',
    breaks: STALE,
    subject: () =>
      withModule<NextStep>('dispatch/next-step', ({ nextStep }) => ({
        nextStep: (...all) => {
          const step = nextStep(...all);
          return step.kind === 'plan again' ? { kind: 'divide', requests: [], when: 'next' } : step;
        },
      })),
  },
  {
    name: 'the memory covers newer changes, too',
    scenario: 'one environment',
    breaks: STALE,
    subject: () => withEarlierChanges(Number.POSITIVE_INFINITY),
  },
  {
    name: 'the clocks of S3 and CloudFront are taken for the same',
    scenario: 'one environment',
    breaks: STALE,
    subject: () => withEarlierChanges(CLOCK_TOLERANCE),
  },
  {
    name: 'an invalidation of the same millisecond covers a change',
    scenario: 'one environment',
    breaks: STALE,
    subject: () => withEarlierChanges(1),
  },
  {
    name: 'the memory holds when the answer came instead of when the invalidation was created',
    scenario: 'one environment',
    breaks: STALE,
    subject: withArrivalTimes,
  },
];

testThatTheyAreFound(BUGS);
