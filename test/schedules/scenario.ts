import type { Facts } from './facts';
import type { LedgerFault } from './ledger-calls';
import type { SdkErrorName } from './sdk-error';
import { INITIAL, type State } from './state';

/** An object of the bucket. */
export interface SiteObject {
  readonly key: string;
  /** What viewers request to get it, by the model's own word, not the function's; and `#t:KEY` for copies that only this tag reaches. */
  readonly viewerPaths: readonly string[];
  /** Whether an application changes it, and asks for the invalidation of its viewer paths. @default - it is in the bucket */
  readonly requested?: boolean;
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

/** The environments have a ledger table in DynamoDB. */
export interface LedgerBounds {
  /** Whether a lease may expire at any moment, though its holder should be at work. */
  readonly leasesExpire?: boolean;
  /** What may go wrong with each call. @default - nothing */
  readonly faults?: readonly LedgerFault[];
  /** Whether no call is ever carried out. */
  readonly isDown?: boolean;
  /** How far the clocks of environments at the same time are ahead, in ms: what is ahead sees leases expire earlier. @default - all agree */
  readonly clockSkews?: readonly number[];
  /** What is stored before the first change. @default - nothing */
  readonly stored?: Facts;
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
  /** A message that goes back after so many receives is a dead letter. */
  readonly mostReceives: number;
  /** How many dead letters somebody sends back to the queue. */
  readonly redrives: number;
  /** Execution environments that may run at the same time. */
  readonly concurrency: number;
  /** What CloudFront, or the way there, may answer instead of doing its work. */
  readonly faults: readonly SdkErrorName[];
  /** Whether CloudFront's answers always arrive. @default false: any may be lost */
  readonly answersArrive?: boolean;
  /** How many caller references turn out to be used by somebody else. */
  readonly foreignReferences: number;
  /** Whether the function may run out of time before CloudFront's answer has come. */
  readonly outOfTime?: boolean;
  /** @default - none: each environment remembers what it did itself */
  readonly ledger?: LedgerBounds;
  /**
   * How long an invocation has for waits, in ms; the calls between them take no time.
   *
   * @default 0: what an invocation would retry later, the next one retries
   */
  readonly timeToWait?: number;
  /** Unchanged objects that may be evicted to save a path: with many, two objects share a wildcard. @default - as usual */
  readonly refetchesPerPath?: number;
  /** None: CloudFront takes everything. */
  readonly quota?: SmallQuota;
  /**
   * How many events may follow one another; what happens at once counts as one.
   *
   * @default - until nothing can happen any more
   */
  readonly mostEvents?: number;
  /** Whether each object has its key for a tag, as `t:KEY`. */
  readonly tagged?: boolean;
  /** Whether later messages have smaller ids than earlier ones. */
  readonly descendingIds?: boolean;
}

/** Nothing has changed yet. */
export function initialState({ ledger, distributions }: Scenario): State {
  if (!ledger?.stored) return INITIAL;
  const item = { ledger: ledger.stored };
  return { ...INITIAL, table: Object.fromEntries(distributions.map((each) => [each, item])) };
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

/** Evictions cost next to nothing, so two objects have one wildcard. */
const SHARING = {
  ...BASE,
  duplicates: ['new id'],
  faults: [],
  refetchesPerPath: 1_000_000,
} as const satisfies Partial<Scenario>;

/** Some environments and a ledger. CloudFront does its work. */
const WRITERS = {
  ...BASE,
  messages: 2,
  duplicates: [],
  concurrency: 2,
  faults: [],
  answersArrive: true,
  ledger: {},
} as const satisfies Partial<Scenario>;

/** What is explored. Each adds something to a small base, because all of it at once would not end. */
export const SCENARIOS: readonly Scenario[] = [
  { ...BASE, name: 'one environment', mostEvents: 8 },
  { ...BASE, name: 'one environment, two messages', messages: 2 },
  {
    ...BASE,
    name: 'three receives, redrive, every fault',
    messages: 2,
    mostReceives: 3,
    redrives: 1,
    faults: ['ServiceUnavailable', 'Throttling', 'TooManyInvalidationsInProgress'],
    mostEvents: 10,
  },
  { ...BASE, name: 'later ids are smaller', descendingIds: true, outOfTime: true, mostEvents: 6 },
  { ...BASE, name: 'two environments at once', concurrency: 2, faults: [], mostEvents: 7 },
  { ...BASE, name: 'two distributions', distributions: ['E1', 'E2'], messages: 2, mostEvents: 9 },
  { ...BASE, name: 'two distributions, three messages', distributions: ['E1', 'E2'], duplicates: [], mostEvents: 6 },
  { ...BASE, name: 'a caller reference that others used', foreignReferences: 1, mostEvents: 5 },
  { ...BASE, name: 'a path that CloudFront refuses', objects: [a, { ...b, refused: true }], mostEvents: 6 },
  {
    ...BASE,
    name: 'objects with a tag each',
    objects: [
      { key: 'a', viewerPaths: ['/a', '#t:a'] },
      { key: 'b', viewerPaths: ['/b', '#t:b'] },
    ],
    tagged: true,
    mostEvents: 5,
  },
  {
    ...BASE,
    name: 'requests beside changes',
    objects: [a, { key: 'r', viewerPaths: ['/r', '#t:r'], requested: true }],
    mostEvents: 5,
  },
  {
    ...SHARING,
    name: 'a request of a wildcard, and a quota of one',
    objects: [b, { key: 'r', viewerPaths: ['/r/*'], requested: true }],
    messages: 2,
    duplicates: ['same id'],
    timeToWait: 3_000,
    quota: { kind: 'in-progress', paths: 2, wildcards: 1 },
    mostEvents: 8,
  },
  {
    ...BASE,
    name: 'an index document that shares a path',
    objects: [
      { key: 'd/index.html', viewerPaths: ['/d/index.html', '/d/', '/d'] },
      { key: 'd', viewerPaths: ['/d'] },
    ],
    mostEvents: 5,
  },
  {
    ...BASE,
    name: 'an invocation that waits and retries',
    messages: 2,
    timeToWait: 3_000,
    faults: ['ServiceUnavailable', 'TooManyInvalidationsInProgress'],
    mostEvents: 9,
  },
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
    timeToWait: 3_000,
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
    timeToWait: 3_000,
    quota: { kind: 'in-progress', paths: 1, wildcards: 1 },
    mostEvents: 9,
  },
  {
    ...SHARING,
    name: 'two objects, and no wildcard left for them',
    messages: 2,
    timeToWait: 8_000,
    quota: { kind: 'in-progress', paths: 2, wildcards: 0 },
    mostEvents: 8,
  },
  {
    ...SHARING,
    name: 'no wildcard left, after two turns in which CloudFront accepted nothing',
    messages: 2,
    timeToWait: 8_000,
    ledger: { stored: { accepted: [], failedTurns: 2 } },
    quota: { kind: 'in-progress', paths: 2, wildcards: 0 },
    mostEvents: 7,
  },
  { ...BASE, name: 'two environments at once, and refusals', duplicates: ['same id'], concurrency: 2, mostEvents: 6 },
  { ...WRITERS, name: 'two writers' },
  { ...WRITERS, name: 'two writers, leases that expire', ledger: { leasesExpire: true } },
  {
    ...WRITERS,
    name: 'two writers, clocks 2 s apart, and DynamoDB fails',
    ledger: {
      leasesExpire: true,
      clockSkews: [0, 2000],
      faults: ['fails', 'answer lost', 'carried out twice'],
    },
  },
  {
    ...WRITERS,
    name: 'two writers, and DynamoDB is late',
    ledger: { leasesExpire: true, faults: ['late'] },
    mostEvents: 11,
  },
  {
    ...WRITERS,
    name: 'two writers, three messages, and DynamoDB fails',
    messages: 3,
    ledger: { leasesExpire: true, faults: ['fails', 'answer lost'] },
    mostEvents: 7,
  },
  {
    ...WRITERS,
    name: 'three writers, clocks 2 s apart',
    messages: 3,
    concurrency: 3,
    ledger: { leasesExpire: true, clockSkews: [0, 2000] },
    mostEvents: 7,
  },
  {
    ...WRITERS,
    name: 'writers that wait for the lease',
    timeToWait: 6_000,
    ledger: { leasesExpire: true, faults: ['fails', 'carried out twice'] },
    mostEvents: 9,
  },
  {
    ...WRITERS,
    name: 'two writers, copies of messages, and answers that are lost',
    duplicates: ['same id'],
    answersArrive: false,
    faults: ['ServiceUnavailable'],
    ledger: { leasesExpire: true },
    mostEvents: 8,
  },
  {
    ...WRITERS,
    name: 'writers whose wide plans keep their distance',
    refetchesPerPath: SHARING.refetchesPerPath,
    timeToWait: 9_000,
    ledger: { stored: { accepted: [{ path: '/*', id: 'I', createTime: 0 }], failedTurns: 0 } },
  },
  {
    ...WRITERS,
    name: 'two distributions, and DynamoDB fails',
    distributions: ['E1', 'E2'],
    messages: 1,
    ledger: { faults: ['fails', 'answer lost', 'carried out twice'] },
  },
  {
    ...WRITERS,
    name: 'CloudFront has accepted nothing for long',
    concurrency: 1,
    timeToWait: 3_000,
    faults: ['ServiceUnavailable', 'TooManyInvalidationsInProgress'],
    ledger: { stored: { accepted: [], failedTurns: 2 } },
    mostEvents: 10,
  },
];
