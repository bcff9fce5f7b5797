import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { coverage } from '../../lambda/paths/coverage';
import { type ClientMaker, simulateCloudFront } from '../../local/simulation/cloudfront';
import { DISTRIBUTION } from '../../local/simulation/design';
import { invalidatorWith } from '../../local/simulation/invalidator';
import { type LedgerFault, memoryLedgerStore } from '../../local/simulation/memory-ledger-store';
import type { Message } from '../../local/simulation/queue';
import { seeded } from '../../local/simulation/random';
import { REGIMES, type Regime } from '../../local/simulation/regimes';
import { type Layout, makeSite, type Site } from '../../local/simulation/site';
import { makeVirtualTime } from '../../local/simulation/virtual-time';

export const TWO_HALVES = 'two halves of a deploy';

/** What one deploy in two halves may be billed, as a multiple of one batch of it. */
const MOST_BILLED = 1.25;

/** In how many s both must be finished without DynamoDB, and the other when one is killed while it holds the lease. */
const LONGEST_WITHOUT_DYNAMODB = 30;
const LONGEST_AFTER_A_KILL = 45;

/** What one deploy changes. */
const DEPLOYS: readonly (readonly [string, (keys: readonly string[], random: () => number) => readonly string[]])[] = [
  ['100 objects beside each other', (keys) => keys.slice(1000, 1100)],
  ['half of 600 objects beside each other', (keys, random) => keys.slice(2000, 2600).filter(() => random() < 0.5)],
  ['ten objects beside each other', (keys) => keys.slice(3000, 3010)],
  ['200 objects all over the site', (keys, random) => keys.filter(() => random() < 200 / keys.length)],
];

interface Setting {
  readonly ledger: boolean;
  readonly fault?: LedgerFault;
  /** The first environment is killed when it first calls CloudFront. */
  readonly kill?: boolean;
}

interface Result {
  readonly paths: number;
  /** Changes that are acknowledged, and not covered. */
  readonly stale: number;
  /** How long the last environment that was not killed took, in s. */
  readonly duration: number;
}

/**
 * The keys of one deploy at two environments in the same second, next to one batch of all of them.
 *
 * @returns whether the promises were kept
 */
export async function measureHalves(
  { layout, seed }: { readonly layout: Layout; readonly seed: number },
  print: (line: string) => void,
): Promise<boolean> {
  print(`\n| ${TWO_HALVES} | one batch | two, ledger on | ledger off | DynamoDB down, s | hangs, s | one killed, s |`);
  print('| --- | --: | --: | --: | --: | --: | --: |');
  const broken: string[] = [];
  for (const [name, choose] of DEPLOYS) {
    const random = seeded(seed);
    const site = makeSite(layout);
    const keys = choose(site.keys, random);
    const halves = Map.groupBy(keys, () => random() < 0.5);
    const batches = [halves.get(true) ?? [], halves.get(false) ?? []];
    const run = (batches: readonly (readonly string[])[], setting: Setting) =>
      handled(makeSite(layout), batches, setting);
    const whole = await run([keys], { ledger: true });
    const shared = await run(batches, { ledger: true });
    const apart = await run(batches, { ledger: false });
    const down = await run(batches, { ledger: true, fault: { kind: 'down' } });
    const hangs = await run(batches, { ledger: true, fault: { kind: 'slow', ms: Number.POSITIVE_INFINITY } });
    const killed = await run(batches, { ledger: true, kill: true });
    const ratio = (result: Result) => `${result.paths} (x ${(result.paths / whole.paths).toFixed(2)})`;
    const times = [down, hangs, killed].map(({ duration }) => duration.toFixed(1));
    print(`| ${[`${name} (${keys.length})`, whole.paths, ratio(shared), ratio(apart), ...times].join(' | ')} |`);
    const promise = (kept: boolean, what: string) => kept || broken.push(`BROKEN, ${name}: ${what}`);
    promise(shared.paths <= MOST_BILLED * whole.paths, `two halves are billed ${ratio(shared)}.`);
    for (const [what, { stale, duration }, longest] of [
      ['with the ledger', shared, LONGEST_WITHOUT_DYNAMODB],
      ['with the ledger off', apart, LONGEST_WITHOUT_DYNAMODB],
      ['with DynamoDB down', down, LONGEST_WITHOUT_DYNAMODB],
      ['with a DynamoDB that hangs', hangs, LONGEST_WITHOUT_DYNAMODB],
      ['with one killed', killed, LONGEST_AFTER_A_KILL],
    ] as const) {
      promise(stale === 0, `${what}, ${stale} changes are acknowledged but not covered.`);
      promise(duration <= longest, `${what}, it takes ${duration.toFixed(1)} s, but at most ${longest}.`);
    }
  }
  for (const line of broken) print(line);
  return broken.length === 0;
}

const START = Date.parse('2026-11-23T08:00:00Z');

/** Between the upload of all objects and the batches, and from one batch to the next, in ms. */
const WINDOW = 20_000;
const APART = 500;

/** Hands each batch to an environment of its own. */
async function handled(
  site: Site,
  batches: readonly (readonly string[])[],
  { ledger, fault, kill = false }: Setting,
): Promise<Result> {
  const time = makeVirtualTime(START);
  const { quota, completesAfter } = REGIMES[0] as Regime;
  const accepted: (readonly string[])[] = [];
  const makeClient = simulateCloudFront({
    distributions: [DISTRIBUTION],
    quota,
    completesAfter,
    time,
    onInvalidation: (paths) => void accepted.push(paths),
  });
  const store = memoryLedgerStore({ time, fault: () => fault });
  for (const key of batches.flat()) site.change(key, START);
  const acknowledged: Message[] = [];
  let duration = 0;
  // One for both: it gives each invocation a request id of its own, under which the lease is held.
  const invalidator = invalidatorWith({ pollers: 5 });
  batches.forEach((keys, at) => {
    const isKilled = kill && at === 0;
    const handle = invalidator.makeFunction({
      time,
      makeClient: isKilled ? neverAnswering : makeClient,
      bucket: site,
      ledger: ledger ? store : undefined,
      clockSkew: 0,
      random: seeded(at + 1),
    });
    const begin = START + WINDOW + at * APART;
    const messages = keys.map((key, number) => messageOf(key, `${at}-${number}`));
    time.at(begin, () => {
      if (isKilled) return void handle(messages);
      time.begin(async () => {
        const failed = new Set(await handle(messages));
        acknowledged.push(...messages.filter((message) => !failed.has(message)));
        duration = Math.max(duration, time.now() - begin);
      });
    });
  });
  await time.run(START + 3_600_000);
  const covering = coverage(accepted.flat());
  const stale = acknowledged.filter(({ key }) => covering(`/${key}`) === undefined).length;
  return { paths: accepted.flat().length, stale, duration: duration / 1000 };
}

function messageOf(key: string, id: string): Message {
  return { id, key, changed: START, sent: START + 1000, receives: 1, received: START + 1000 };
}

/** What an environment that is killed waits for. */
const neverAnswering: ClientMaker = () =>
  ({ send: () => new Promise(() => {}), destroy() {} }) as unknown as CloudFrontClient;
