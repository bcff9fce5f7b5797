import type { Fault } from '../../local/cloudfront/fault';

const MINUTE = 60;
const HOUR = 3600;

/** A load, and what is wrong meanwhile. Times in s from the beginning. */
export interface Scenario {
  readonly name: string;
  /** How many objects change in the given second. */
  readonly changes: (second: number) => number;
  /** How many objects of the bucket change, spread over it. @default - any of them */
  readonly objects?: number;
  /** When the last change happens. */
  readonly end: number;
  /** Share of messages that no function can understand, on top of the changes. @default 0 */
  readonly poison?: number;
  /** What goes wrong with a call. @default - nothing */
  readonly fault?: (second: number, random: () => number) => Fault | undefined;
  /** How long CloudFront refuses everything. @default 0 */
  readonly outage?: number;
  /** The bucket cannot be listed. @default false */
  readonly censusFails?: boolean;
  /** Another tool takes each wildcard that it can get, in this time. @default 0 */
  readonly otherTool?: number;
}

const UNAVAILABLE: Fault = { kind: 'refuse', status: 503, code: 'ServiceUnavailable' };
const FULL: Fault = { kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' };

/** The outages begin while everything is well. */
const OUTAGE_BEGINS = 2 * MINUTE;

function outage(name: string, duration: number, perSecond: number, fault: Fault): Scenario {
  return {
    name,
    changes: () => perSecond,
    end: OUTAGE_BEGINS + duration + 2 * MINUTE,
    outage: duration,
    fault: (second) => (second >= OUTAGE_BEGINS && second < OUTAGE_BEGINS + duration ? fault : undefined),
  };
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'a burst of 20,000 changes', changes: (second) => (second === 0 ? 20_000 : 0), end: 1 },
  { name: '20 changes a second', changes: () => 20, end: 20 * MINUTE },
  { name: '200 changes a second', changes: () => 200, end: 20 * MINUTE },
  { name: '100 a second on 100 keys', changes: () => 100, objects: 100, end: 20 * MINUTE },
  {
    name: 'half of all calls answered 503',
    changes: () => 20,
    end: 20 * MINUTE,
    fault: (_, random) => (random() < 0.5 ? UNAVAILABLE : undefined),
  },
  outage('CloudFront full for 20 minutes', 20 * MINUTE, 20, FULL),
  outage('CloudFront out of order for 20 minutes', 20 * MINUTE, 20, UNAVAILABLE),
  outage('CloudFront full for 6 hours', 6 * HOUR, 2, FULL),
  outage('CloudFront out of order for 6 hours', 6 * HOUR, 2, UNAVAILABLE),
  { name: 'the census fails', changes: () => 20, end: 20 * MINUTE, censusFails: true },
  { name: 'one message in 100 is poison', changes: () => 20, end: 20 * MINUTE, poison: 0.01 },
  { name: 'another tool takes all wildcards', changes: () => 2, end: 20 * MINUTE, otherTool: 20 * MINUTE },
];
