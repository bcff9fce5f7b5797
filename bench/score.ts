import { DOLLARS_PER_PATH } from '../lambda/contract/pricing';
import { coverage } from '../lambda/paths/coverage';
import type { Unchanged } from './truth';

/** As field.md prices a deploy: one path is worth so many refetches of unchanged objects. */
export const REFETCHES_PER_PATH = 100;

/** What a rule made of the deploys of all sites. */
export interface Score {
  readonly rule: string;
  /** What the rule invalidates. */
  readonly meaning: string;
  paths: number;
  /** Unchanged objects that were evicted from the cache. */
  evicted: number;
  over15Wildcards: number;
  /** Changed paths that no path of the plan covers. */
  uncovered: number;
  deploys: number;
  batches: number;
  listPages: number;
  /** Of a batch. */
  mostListPages: number;
  /** In paths, by site. */
  readonly cost: Map<string, number>;
}

export function newScore(rule: string, meaning: string): Score {
  return {
    rule,
    meaning,
    paths: 0,
    evicted: 0,
    over15Wildcards: 0,
    uncovered: 0,
    deploys: 0,
    batches: 0,
    listPages: 0,
    mostListPages: 0,
    cost: new Map(),
  };
}

/** Adds one request for an invalidation; a deploy may make several. */
export function addRequest(score: Score, site: string, plan: readonly string[], unchanged: Unchanged): void {
  const wildcards = plan.filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1));
  const widest = wildcards.filter((prefix) => !wildcards.some((other) => other !== prefix && prefix.startsWith(other)));
  const evicted = widest.reduce((sum, prefix) => sum + unchanged(prefix), 0);
  score.paths += plan.length;
  score.evicted += evicted;
  if (wildcards.length > 15) score.over15Wildcards++;
  score.cost.set(site, (score.cost.get(site) ?? 0) + plan.length + evicted / REFETCHES_PER_PATH);
}

export function addBatch(score: Score, listPages: number): void {
  score.batches++;
  score.listPages += listPages;
  score.mostListPages = Math.max(score.mostListPages, listPages);
}

export function countUncovered(score: Score, changed: readonly string[], plan: readonly string[]): void {
  const covering = coverage(plan);
  for (const path of changed) if (covering(path) === undefined) score.uncovered++;
}

/** The scores as a table, each against the optimum. */
export function tableOf(scores: readonly Score[], optimum: Score): string {
  const rows = scores.map((score) => {
    const { overall, mean, worst } = ratios(score, optimum);
    return [
      score.rule,
      score.paths.toLocaleString('en'),
      dollars(score.paths * DOLLARS_PER_PATH),
      Math.round(score.evicted).toLocaleString('en'),
      Math.round(sum(score.cost.values())).toLocaleString('en'),
      score.over15Wildcards.toLocaleString('en'),
      score.uncovered.toLocaleString('en'),
      overall.toFixed(2),
      mean.toFixed(2),
      worst.toFixed(2),
      score.listPages === 0 ? '0' : `${(score.listPages / score.batches).toFixed(1)} (${score.mostListPages})`,
    ];
  });
  const lines = [HEADER, HEADER.map((_, at) => (at === 0 ? '---' : '--:')), ...rows];
  const widths = HEADER.map((_, at) => Math.max(...lines.map((line) => (line[at] as string).length)));
  return lines
    .map(
      (line) =>
        `| ${line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] as number) : cell.padStart(widths[at] as number))).join(' | ')} |`,
    )
    .join('\n');
}

/** What the columns mean. */
export const LEGEND = `cost, in paths: paths + unchanged objects evicted / ${REFETCHES_PER_PATH}; optimum: the least cost possible if everything in the bucket is known.
cost / optimum: of all sites together; geometric mean: of the sites' own ratios; worst site: the largest of these.`;

/** What each rule of a table does, a line each. */
export function meaningsOf(scores: readonly Score[]): string {
  return scores.map(({ rule, meaning }) => `${rule}: ${meaning}`).join('\n');
}

/** With cents where they matter. */
function dollars(amount: number): string {
  const digits = amount < 10 ? 2 : 0;
  return `$${amount.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

const HEADER = [
  'rule',
  'paths',
  'dollars',
  'unchanged evicted',
  'cost',
  'over 15 wildcards',
  'uncovered',
  'cost / optimum',
  'geometric mean',
  'worst site',
  'list pages a batch (most)',
];

/** The cost of a rule as a multiple of the optimum: of all sites together, and of the sites by themselves. */
export function ratios(score: Score, optimum: Score): { overall: number; mean: number; worst: number } {
  const each = Array.from(score.cost, ([site, cost]) => cost / (optimum.cost.get(site) ?? cost));
  return {
    overall: sum(score.cost.values()) / sum(optimum.cost.values()),
    mean: Math.exp(sum(each.map(Math.log)) / each.length),
    worst: Math.max(...each),
  };
}

function sum(costs: Iterable<number>): number {
  return Array.from(costs).reduce((total, cost) => total + cost, 0);
}
