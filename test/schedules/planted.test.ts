import * as sdk from '@aws-sdk/client-cloudfront';
import type { Dependencies } from '../../lambda/dependencies';
import { CLOCK_TOLERANCE } from '../../lambda/dispatch/recent-invalidations';
import { makeHandler } from '../../lambda/handler';
import { explore } from './explore';
import type { Subject } from './invocation';
import { SCENARIOS } from './scenario';

type CallerReference = typeof import('../../lambda/cloudfront/caller-reference');
type CreateInvalidation = typeof import('../../lambda/cloudfront/create-invalidation');
type Invalidate = typeof import('../../lambda/dispatch/invalidate');

/** A bug in a module of the function. */
interface Bug {
  readonly name: string;
  readonly scenario: string;
  /** Of how many objects of the scenario; default: all. */
  readonly objects?: number;
  /** The invariant that must be found broken. */
  readonly breaks: RegExp;
  readonly subject: () => Subject;
}

const STALE = /is acknowledged, but .* may still serve/;
const TWICE = /is made a second time/;
const HARMED = /comes back, though nothing was wrong with it/;
const STUCK = /the queue does not drain/;

const BUGS: readonly Bug[] = [
  { name: 'the caller reference is the bare message id', scenario: 'one environment', breaks: STUCK, subject: bareId },
  {
    name: 'the caller reference is the bare message id, with one object',
    scenario: 'one environment',
    objects: 1,
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
      withModule<Invalidate>('dispatch/invalidate', ({ invalidate }) => ({
        invalidate: async (means, distribution, ...rest) => {
          const refusals = await invalidate(means, distribution, ...rest);
          return distribution === 'E1' ? refusals : new Map();
        },
      })),
  },
  {
    name: 'what is throttled is not returned',
    scenario: 'a quota of paths a second',
    breaks: STALE,
    subject: () =>
      withModule<Invalidate>('dispatch/invalidate', ({ invalidate }) => ({
        invalidate: async (...rest) =>
          new Map([...(await invalidate(...rest))].filter(([, { kind }]) => kind !== 'throttled')),
      })),
  },
  {
    name: 'a request with a path that CloudFront refuses is not divided',
    scenario: 'a path that CloudFront refuses',
    breaks: HARMED,
    subject: () =>
      withModule<typeof import('../../lambda/dispatch/path-group')>('dispatch/path-group', () => ({
        bisect: () => [],
      })),
  },
  {
    name: 'of what is asked for one by one in the place of a wildcard, some is forgotten',
    scenario: 'two objects, and no wildcard left for them',
    breaks: STALE,
    subject: () =>
      withModule<typeof import('../../lambda/dispatch/path-group')>('dispatch/path-group', ({ splitByObject }) => ({
        splitByObject: (parts) => splitByObject(parts).slice(0, 1),
      })),
  },
  {
    name: 'of a request that is refused twice for the quota, some is forgotten',
    scenario: 'a path and a wildcard, each with a quota of its own',
    breaks: STALE,
    subject: () =>
      withModule<typeof import('../../lambda/dispatch/path-group')>('dispatch/path-group', ({ splitByQuota }) => ({
        splitByQuota: (parts) => splitByQuota(parts).map((kind, at) => (at === 0 ? kind : [])),
      })),
  },
  {
    name: 'what is postponed counts as done',
    scenario: 'wildcards are scarce',
    breaks: STALE,
    subject: () =>
      withModule<Invalidate>('dispatch/invalidate', ({ invalidate }) => ({
        invalidate: async (...rest) =>
          new Map([...(await invalidate(...rest))].filter(([, { kind }]) => kind !== 'postponed')),
      })),
  },
  {
    name: 'a refusal is forgotten when another environment is at work',
    scenario: 'two environments at once, and refusals',
    breaks: STALE,
    subject: () =>
      withModule<Invalidate>('dispatch/invalidate', ({ invalidate }) => {
        let atWork = 0;
        return {
          invalidate: async (...rest) => {
            const alone = ++atWork === 1;
            const refusals = await invalidate(...rest);
            atWork--;
            return alone ? refusals : new Map();
          },
        };
      }),
  },
  {
    name: 'the memory holds when the answer came instead of when the invalidation was created',
    scenario: 'one environment',
    breaks: STALE,
    subject: () => ({
      makeHandler,
      means: ({ memory, clock, ...means }) => ({
        ...means,
        clock,
        memory: {
          ...memory,
          remember: (distribution, paths, invalidation) =>
            memory.remember(distribution, paths, { ...invalidation, createTime: clock.now() }),
        },
      }),
    }),
  },
  {
    name: 'the memory takes the clocks of S3 and CloudFront for the same',
    scenario: 'one environment',
    breaks: STALE,
    subject: () => ({
      makeHandler,
      means: ({ memory, ...means }) => ({ ...means, memory: olderBy(CLOCK_TOLERANCE, memory) }),
    }),
  },
  {
    name: 'the memory lets an invalidation of the same millisecond cover a change',
    scenario: 'one environment',
    breaks: STALE,
    subject: () => ({
      makeHandler,
      means: ({ memory, ...means }) => ({ ...means, memory: olderBy(1, memory) }),
    }),
  },
];

test.each(BUGS)(
  'found: $name',
  async ({ name, scenario, objects, breaks, subject }) => {
    const [within] = SCENARIOS.filter((each) => each.name === scenario);
    if (!within) throw new Error(`There is no scenario ${scenario}`);
    const began = performance.now();
    const { states, counterexample } = await explore(
      { ...within, objects: within.objects.slice(0, objects) },
      subject(),
    );
    const ms = Math.round(performance.now() - began);
    process.stdout.write(`schedules, bug found after ${states} states, ${ms} ms: ${name}\n`);
    expect(counterexample?.broken).toMatch(breaks);
  },
  10_000,
);

/** The function with something else in one of its modules. */
function withModule<T extends object>(name: string, bug: (actual: T) => Partial<T>): Subject {
  const path = `../../lambda/${name}`;
  let subject: Subject = { makeHandler };
  jest.isolateModules(() => {
    // The SDK takes long to load, and is the same for all.
    jest.doMock('@aws-sdk/client-cloudfront', () => sdk);
    jest.doMock(path, () => {
      const actual = jest.requireActual<T>(path);
      return { ...actual, ...bug(actual) };
    });
    subject = jest.requireActual<Subject>('../../lambda/handler');
  });
  jest.dontMock(path);
  return subject;
}

function bareId(): Subject {
  return withModule<CallerReference>('cloudfront/caller-reference', () => ({
    callerReference: (messageIds) => [...messageIds].sort()[0] as string,
  }));
}

/** The function that takes some errors of CloudFront for success. */
function accepting(isSuccess: (error: Error) => boolean): Subject {
  return withModule<CreateInvalidation>('cloudfront/create-invalidation', ({ createInvalidation }) => ({
    createInvalidation: (client, ...rest) => {
      const send = (command: sdk.CreateInvalidationCommand) =>
        client.send(command).catch((error: Error) => {
          if (isSuccess(error)) return { Invalidation: { Id: 'I', CreateTime: new Date(0) } };
          throw error;
        });
      return createInvalidation({ send } as unknown as sdk.CloudFrontClient, ...rest);
    },
  }));
}

/** A memory that takes changes for so many ms older than they are. */
function olderBy(ms: number, memory: Dependencies['memory']): Dependencies['memory'] {
  return {
    ...memory,
    covering: (distribution, path, time = Number.NaN) => memory.covering(distribution, path, time - ms),
  };
}
