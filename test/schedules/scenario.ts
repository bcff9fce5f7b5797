import type { SdkErrorName } from './sdk-error';

/** An object of the bucket. */
export interface SiteObject {
  readonly key: string;
  /** What viewers ask for to get it, by the model's own word, not the function's. */
  readonly viewerPaths: readonly string[];
  /** Whether CloudFront calls every request invalid that holds one of its paths. */
  readonly refused?: boolean;
}

/**
 * CloudFront's quota in small: so many paths and wildcards may be held. They are free again when the invalidations
 * are complete (`in-progress`) or when a second has passed, be it that the function paused for it (`rate`).
 */
export interface SmallQuota {
  readonly kind: 'in-progress' | 'rate';
  readonly paths: number;
  readonly wildcards: number;
}

/** The bounds within which every schedule is explored. */
export interface Scenario {
  readonly name: string;
  readonly objects: readonly SiteObject[];
  /** Each of them serves the whole bucket. */
  readonly distributions: readonly string[];
  /** Most messages: one for each change, its duplicates included. */
  readonly messages: number;
  /** How a notification may be told twice: by S3 with another message id, by SQS with the same. */
  readonly duplicates: readonly ('new id' | 'same id')[];
  /** A message that comes back after so many receives is a dead letter. */
  readonly mostReceives: number;
  /** Receives that every message has behind it already: a long jam. */
  readonly receivedBefore?: number;
  /** How many dead letters somebody sends back to the queue. */
  readonly redrives: number;
  /** Execution environments that may run at the same time. */
  readonly concurrency: number;
  /** What CloudFront, or the way there, may answer instead of doing its work. */
  readonly faults: readonly SdkErrorName[];
  /** How many caller references turn out to be used by somebody else. */
  readonly foreignReferences: number;
  /** Whether the function may run out of time before CloudFront's answer has come. */
  readonly outOfTime?: boolean;
  /**
   * How long an invocation has for waits, in ms; the calls between them take no time.
   *
   * @default 0: what an invocation that waits asks for again, the next one asks for, too
   */
  readonly patience?: number;
  /**
   * What each invocation finds left behind by those before it: CloudFront accepted nothing in two of them, or it is short of
   * wildcards and has just accepted a wide one.
   *
   * @default - nothing
   */
  readonly strained?: 'out of order' | 'scarce';
  /** Unchanged objects that may be discarded to save a path: with many, two objects share a wildcard. @default - as usual */
  readonly refetchesPerPath?: number;
  /** None: CloudFront takes everything. */
  readonly quota?: SmallQuota;
  /**
   * How many events may follow one another; what happens at once counts as one.
   *
   * @default - until nothing can happen any more
   */
  readonly mostEvents?: number;
  /** Whether later messages have smaller ids than earlier ones. */
  readonly descendingIds?: boolean;
}

const a: SiteObject = { key: 'a', viewerPaths: ['/a'] };
const b: SiteObject = { key: 'b', viewerPaths: ['/b'] };

const BASE = {
  objects: [a, b],
  distributions: ['E1'],
  messages: 3,
  duplicates: ['new id', 'same id'],
  mostReceives: 2,
  redrives: 0,
  concurrency: 1,
  faults: ['ServiceUnavailable'],
  foreignReferences: 0,
} as const satisfies Partial<Scenario>;

/** CloudFront takes no tilde: each of them needs a wildcard, and two of them exceed the quota of one by themselves. */
const TIGHT = {
  ...BASE,
  objects: [
    { key: 'x/a~1', viewerPaths: ['/x/a~1'] },
    { key: 'y/a~1', viewerPaths: ['/y/a~1'] },
  ],
  duplicates: ['new id'],
  faults: [],
} as const satisfies Partial<Scenario>;

/** Discards cost next to nothing, so two objects have one wildcard. */
const SHARING = {
  ...BASE,
  duplicates: ['new id'],
  faults: [],
  refetchesPerPath: 1_000_000,
} as const satisfies Partial<Scenario>;

/** What is explored. Each adds something to a small base, because all of it at once would not end. */
export const SCENARIOS: readonly Scenario[] = [
  { ...BASE, name: 'one environment' },
  {
    ...BASE,
    name: 'three receives, redrive, every fault',
    messages: 2,
    mostReceives: 3,
    redrives: 1,
    faults: ['ServiceUnavailable', 'Throttling', 'TooManyInvalidationsInProgress'],
  },
  { ...BASE, name: 'later ids are smaller', descendingIds: true, outOfTime: true, mostEvents: 7 },
  { ...BASE, name: 'two environments at once', concurrency: 2, faults: [], mostEvents: 8 },
  { ...BASE, name: 'two distributions', distributions: ['E1', 'E2'], messages: 2 },
  { ...BASE, name: 'two distributions, three messages', distributions: ['E1', 'E2'], duplicates: [], mostEvents: 6 },
  { ...BASE, name: 'a caller reference that others used', foreignReferences: 1, mostEvents: 6 },
  { ...BASE, name: 'a path that CloudFront refuses', objects: [a, { ...b, refused: true }], mostEvents: 7 },
  {
    ...BASE,
    name: 'an index document that shares a path',
    objects: [
      { key: 'd/index.html', viewerPaths: ['/d/index.html', '/d/', '/d'] },
      { key: 'd', viewerPaths: ['/d'] },
    ],
    mostEvents: 6,
  },
  {
    ...BASE,
    name: 'an invocation that waits and asks again',
    messages: 2,
    patience: 3_000,
    faults: ['ServiceUnavailable', 'TooManyInvalidationsInProgress'],
    mostEvents: 9,
  },
  { ...BASE, name: 'plans that widen', receivedBefore: 4, mostEvents: 7 },
  {
    ...TIGHT,
    name: 'a quota of invalidations in progress',
    quota: { kind: 'in-progress', paths: 2, wildcards: 1 },
    mostEvents: 8,
  },
  {
    ...TIGHT,
    name: 'a quota that is waited for',
    messages: 2,
    patience: 3_000,
    quota: { kind: 'in-progress', paths: 2, wildcards: 1 },
    mostEvents: 9,
  },
  { ...TIGHT, name: 'a quota of paths a second', quota: { kind: 'rate', paths: 2, wildcards: 1 }, mostEvents: 8 },
  {
    ...TIGHT,
    name: 'a path and a wildcard, each with a quota of its own',
    objects: [a, { key: 'x/a~1', viewerPaths: ['/x/a~1'] }],
    messages: 2,
    duplicates: [],
    patience: 3_000,
    quota: { kind: 'in-progress', paths: 1, wildcards: 1 },
    mostEvents: 9,
  },
  {
    ...SHARING,
    name: 'two objects, and no wildcard left for them',
    messages: 2,
    patience: 4_000,
    quota: { kind: 'in-progress', paths: 2, wildcards: 0 },
    mostEvents: 8,
  },
  {
    ...SHARING,
    name: 'wildcards are scarce',
    strained: 'scarce',
    faults: ['ServiceUnavailable'],
    quota: { kind: 'in-progress', paths: 2, wildcards: 1 },
    mostEvents: 6,
  },
  { ...BASE, name: 'two environments at once, and refusals', duplicates: ['same id'], concurrency: 2, mostEvents: 6 },
  {
    ...BASE,
    name: 'CloudFront has accepted nothing for long',
    strained: 'out of order',
    messages: 2,
    patience: 3_000,
    faults: ['ServiceUnavailable', 'TooManyInvalidationsInProgress'],
    mostEvents: 8,
  },
];
