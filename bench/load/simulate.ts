import { CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { seeded } from '../random';
import type { Client } from './cloudfront';
import { type Design, DISTRIBUTION, type InvalidatingFunction } from './design';
import { startEventSource } from './event-source';
import { makeLedger } from './ledger';
import { type Message, makeQueue } from './queue';
import type { Regime } from './regimes';
import type { Scenario } from './scenarios';
import { type Layout, makeSite } from './site';
import { makeVirtualTime } from './virtual-time';

/** What became of a load. Times in s. */
export interface Outcome {
  readonly changes: number;
  readonly lost: number;
  readonly deadLettered: { readonly poison: number; readonly others: number };
  readonly backlog: number;
  readonly staleness: { readonly median: number; readonly p99: number; readonly most: number };
  readonly paths: number;
  readonly calls: number;
  readonly refusals: number;
  readonly discarded: number;
}

const START = Date.parse('2026-11-23T08:00:00Z');

/** Until its notification is in the queue, in ms. */
const NOTICE = 1000;

/** After the last change, so long is waited for the queue to be empty, in ms: poison is received often before it is dead. */
const LONGEST_DRAIN = 12 * 3600 * 1000;

/** Until CloudFront answers, in ms. */
const LATENCY = 300;

/** Runs a load in virtual time; the same seed makes the same run. */
export async function simulate<C extends Client>(
  scenario: Scenario,
  regime: Regime,
  design: Design<C>,
  seed: number,
  layout: Layout = 'sections',
): Promise<Outcome> {
  const random = seeded(seed);
  const time = makeVirtualTime(START);
  const site = makeSite(layout);
  const ledger = makeLedger(site);
  const secondOf = (now: number) => Math.floor((now - START) / 1000);
  const cloudFront = await design.startCloudFront({
    distributions: [DISTRIBUTION],
    ...regime,
    now: time.now,
    latency: () => time.pause(LATENCY),
    fault: ({ paths }) => (isOther(paths) ? undefined : scenario.fault?.(secondOf(time.now()), random)),
    onInvalidation(paths, createTime) {
      if (!isOther(paths)) ledger.invalidated(paths, createTime);
    },
  });
  const { client } = cloudFront;

  const { mapping, maxReceiveCount } = design;
  const queue = makeQueue(maxReceiveCount);
  const start = () => design.makeFunction({ time, client, site, censusFails: scenario.censusFails === true, random });
  const idle: InvalidatingFunction[] = [];
  async function invoke(batch: readonly Message[]): Promise<readonly Message[]> {
    const environment = idle.pop() ?? start();
    const returned = await environment(batch);
    idle.push(environment);
    const back = new Set(returned);
    for (const message of batch) if (!back.has(message)) ledger.acknowledged(message);
    return returned;
  }
  const eventSource = startEventSource(time, queue, mapping, invoke, random);

  const objects = scenario.objects ?? site.keys.length;
  const everySoMany = site.keys.length / objects;
  let sent = 0;
  function send(key: string | undefined): void {
    const changed = time.now();
    const message = { id: `message-${sent++}`, key, changed, sent: changed + NOTICE, receives: 0, received: 0 };
    if (key !== undefined) site.change(key, changed);
    ledger.changed(message);
    time.at(message.sent, () => queue.send(message));
  }
  function everySecond(): void {
    const second = secondOf(time.now());
    const count = scenario.changes(second);
    for (let at = 0; at < count; at++) {
      send(site.keys[Math.floor(Math.floor(random() * objects) * everySoMany)]);
      if (random() < (scenario.poison ?? 0)) send(undefined);
    }
    time.at(time.now() + NOTICE, eventSource.wake);
    if (second + 1 < scenario.end) time.at(time.now() + 1000, everySecond);
  }
  everySecond();

  function takeAWildcard(): void {
    const Items = ['/other/*'];
    const InvalidationBatch = { CallerReference: `other-${time.now()}`, Paths: { Quantity: 1, Items } };
    const command = new CreateInvalidationCommand({ DistributionId: DISTRIBUTION, InvalidationBatch });
    time.begin(() =>
      client.send(command).then(
        () => {},
        () => {},
      ),
    );
    if (secondOf(time.now()) < (scenario.otherTool ?? 0)) time.at(time.now() + 1000, takeAWildcard);
  }
  if (scenario.otherTool) takeAWildcard();

  try {
    await time.run(START + scenario.end * 1000 + LONGEST_DRAIN);
  } finally {
    await cloudFront.close();
  }
  const poison = queue.deadLetters.filter(({ key }) => key === undefined).length;
  return {
    changes: ledger.changes,
    lost: ledger.lost,
    deadLettered: { poison, others: queue.deadLetters.length - poison },
    backlog: queue.size,
    staleness: percentiles(ledger.staleness),
    paths: ledger.paths,
    ...cloudFront.count((paths) => !isOther(paths)),
    discarded: ledger.discarded,
  };
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
