import { CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { coverageOf, type Invalidation } from '../../cli/verify/coverage';
import { trackChanges } from './change-tracker';
import { simulateCloudFront } from './cloudfront';
import { type Design, DISTRIBUTION, type InvalidatingFunction } from './design';
import { startEventSource } from './event-source';
import { memoryLedgerStore } from './memory-ledger-store';
import { type Message, makeQueue } from './queue';
import { seeded } from './random';
import type { Regime } from './regimes';
import type { Scenario } from './scenario';
import { type Layout, makeSite } from './site';
import { makeVirtualTime } from './virtual-time';

/** What became of a load. Times in s. */
export interface Outcome {
  readonly changes: number;
  readonly lost: number;
  readonly deadLettered: { readonly poison: number; readonly others: number };
  readonly backlog: number;
  /** Objects whose last change no invalidation covers, by the audit of `cloudfront-invalidator verify`. */
  readonly stale: number;
  readonly staleness: { readonly median: number; readonly p99: number; readonly most: number };
  readonly batches: number;
  readonly paths: number;
  readonly calls: number;
  readonly refusals: number;
  readonly evicted: number;
  readonly listedPages: number;
  /** Of the ledger's store. */
  readonly ledgerCalls: number;
}

export interface SimulationOptions {
  /** The same seed makes the same run. */
  readonly seed: number;
  /** @default sections */
  readonly layout?: Layout;
  /** Whether the environments share a ledger. @default true */
  readonly ledger?: boolean;
}

const START = Date.parse('2026-11-23T08:00:00Z');

/** Until its notification is in the queue, in ms. */
const NOTICE = 1000;

/** After the last change, so long is waited for the queue to be empty, in ms: poison is received often before it is dead. */
const LONGEST_DRAIN = 12 * 3600 * 1000;

/** Runs a load in virtual time. */
export async function simulate(
  scenario: Scenario,
  regime: Regime,
  design: Design,
  { seed, layout = 'sections', ledger = true }: SimulationOptions,
): Promise<Outcome> {
  const random = seeded(seed);
  const time = makeVirtualTime(START);
  const site = makeSite(layout);
  const tracker = trackChanges(site);
  const secondOf = (now: number) => Math.floor((now - START) / 1000);
  const lastChanges = new Map<string, number>();
  const invalidations: Invalidation[] = [];
  const counts = { batches: 0, calls: 0, refusals: 0, listedPages: 0 };
  const makeClient = simulateCloudFront({
    distributions: [DISTRIBUTION],
    quota: regime.quota,
    completesAfter: regime.completesAfter,
    time,
    fault: (paths) => (isOther(paths) ? undefined : scenario.fault?.(secondOf(time.now()), random)),
    readFault: () => scenario.readFault?.(secondOf(time.now()), random),
    onInvalidation(paths, createTime) {
      if (isOther(paths)) return;
      tracker.invalidated(paths, createTime);
      invalidations.push({ id: '', items: paths, time: exactly(createTime), isCompleted: true });
    },
    onCall({ paths, isAccepted }) {
      if (isOther(paths)) return;
      counts.calls++;
      if (!isAccepted) counts.refusals++;
    },
  });
  const store = memoryLedgerStore({
    time,
    fault: (call) => scenario.ledgerFault?.(call, secondOf(time.now()), random),
  });

  const { mapping, maxReceiveCount } = design;
  const queue = makeQueue(maxReceiveCount);
  let environments = 0;
  const start = () =>
    design.makeFunction({
      time,
      makeClient,
      bucket: {
        list: site.list,
        listingFails: scenario.listingFails === true,
        onPage: () => void counts.listedPages++,
      },
      ledger: ledger ? store : undefined,
      clockSkew: (environments++ % 2) * (scenario.clockSkew ?? 0) * 1000,
      maxPathsPerDay: scenario.maxPathsPerDay,
      random,
    });
  const idle: InvalidatingFunction[] = [];
  async function invoke(batch: readonly Message[]): Promise<readonly Message[]> {
    counts.batches++;
    const environment = idle.pop() ?? start();
    const failed = await environment(batch);
    idle.push(environment);
    const kept = new Set(failed);
    for (const message of batch) if (!kept.has(message)) tracker.acknowledged(message);
    return failed;
  }
  const eventSource = startEventSource(time, queue, mapping, invoke, random);

  const objects = scenario.objects ?? site.keys.length;
  const everySoMany = site.keys.length / objects;
  let sent = 0;
  function change(key: string | undefined): Message {
    const changed = time.now();
    const message = { id: `message-${sent++}`, key, changed, sent: changed + NOTICE, receives: 0, received: 0 };
    if (key !== undefined) {
      site.change(key, changed);
      lastChanges.set(key, changed);
    }
    tracker.changed(message);
    return message;
  }
  function everySecond(): void {
    const second = secondOf(time.now());
    const messages: Message[] = [];
    for (let count = scenario.changes(second); count > 0; count--) {
      messages.push(change(site.keys[Math.floor(Math.floor(random() * objects) * everySoMany)]));
      if (random() < (scenario.poison ?? 0)) messages.push(change(undefined));
    }
    time.at(time.now() + NOTICE, () => {
      for (const message of messages) queue.send(message);
      eventSource.wake();
    });
    if (second + 1 < scenario.end) time.at(time.now() + 1000, everySecond);
  }
  everySecond();

  const otherTool = makeClient(1);
  function takeAWildcard(): void {
    const Items = ['/other/*'];
    const InvalidationBatch = { CallerReference: `other-${time.now()}`, Paths: { Quantity: 1, Items } };
    const command = new CreateInvalidationCommand({ DistributionId: DISTRIBUTION, InvalidationBatch });
    time.begin(() =>
      otherTool.send(command).then(
        () => {},
        () => {},
      ),
    );
    if (secondOf(time.now()) < (scenario.otherTool ?? 0)) time.at(time.now() + 1000, takeAWildcard);
  }
  if (scenario.otherTool) takeAWildcard();

  await time.run(START + scenario.end * 1000 + LONGEST_DRAIN);
  const poison = queue.deadLetters.filter(({ key }) => key === undefined).length;
  return {
    changes: tracker.changes,
    lost: tracker.lost,
    deadLettered: { poison, others: queue.deadLetters.length - poison },
    backlog: queue.size,
    stale: audited(lastChanges, invalidations),
    staleness: percentiles(tracker.staleness),
    paths: tracker.paths,
    evicted: tracker.evicted,
    ledgerCalls: store.calls.acquire + store.calls.isFree + store.calls.release,
    ...counts,
  };
}

/** How many of the objects are not covered, in a second opinion: each is served under its key alone. */
function audited(lastChanges: ReadonlyMap<string, number>, invalidations: readonly Invalidation[]): number {
  const changes = Array.from(lastChanges, ([key, time]) => ({ key, paths: [`/${key}`], time: exactly(time) }));
  const coverage = coverageOf(changes, 0);
  for (const invalidation of invalidations) coverage.apply(invalidation);
  return coverage.open;
}

function exactly(time: number): Invalidation['time'] {
  return { earliest: time, latest: time };
}

function isOther(paths: readonly string[]): boolean {
  return paths[0] === '/other/*';
}

/** In s. */
function percentiles(staleness: readonly number[]): Outcome['staleness'] {
  const sorted = Float64Array.from(staleness).sort();
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) / 1000;
  return { median: at(0.5), p99: at(0.99), most: at(1) };
}
