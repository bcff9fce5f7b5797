import type { SimulatedFault } from '../../local/simulation/cloudfront';
import type { Scenario } from '../../local/simulation/scenario';

const MINUTE = 60;
const HOUR = 3600;

const UNAVAILABLE: SimulatedFault = { kind: 'refuse', status: 503, code: 'ServiceUnavailable' };
const FULL: SimulatedFault = { kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' };

/** The outages begin while everything is well. */
const OUTAGE_BEGINS = 2 * MINUTE;

function outage(name: string, duration: number, perSecond: number, fault: SimulatedFault): Scenario {
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
  { name: 'listing fails', changes: () => 20, end: 20 * MINUTE, listingFails: true },
  {
    name: 'half of the reads of the distribution fail or hang',
    changes: () => 20,
    end: 20 * MINUTE,
    readFault: (_, random) => (random() < 0.5 ? { kind: random() < 0.5 ? 'refuse' : 'hang' } : undefined),
  },
  { name: 'one message in 100 is poison', changes: () => 20, end: 20 * MINUTE, poison: 0.01 },
  { name: 'another tool takes all wildcards', changes: () => 2, end: 20 * MINUTE, otherTool: 20 * MINUTE },
  { name: 'a budget of 500 paths', changes: () => 20, end: HOUR, maxPathsPerDay: 500 },
  {
    name: 'every tenth call of DynamoDB fails or hangs, clocks 2 s apart',
    changes: () => 20,
    end: 20 * MINUTE,
    clockSkew: 2,
    ledgerFault(_, __, random) {
      const kinds = [{ kind: 'throttled' }, { kind: 'lose-answer' }, { kind: 'slow', ms: 3_000 }] as const;
      return random() < 0.1 ? kinds[Math.floor(random() * kinds.length)] : undefined;
    },
  },
  { name: 'DynamoDB down', changes: () => 2, end: 20 * MINUTE, ledgerFault: () => ({ kind: 'down' }) },
];
