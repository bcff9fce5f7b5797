import { aliasPathFault, aliasTagFault, patternFault } from './contract/alias-pattern';
import {
  type Alias,
  DRY_RUN,
  EVENT_BUS,
  INDEX_DOCUMENT,
  INSPECT_BUCKET,
  LEDGER_TABLE,
  MAX_PATHS_PER_DAY,
  ORIGINS,
  type Origin,
  QUEUE_URL,
  READ_DISTRIBUTION,
  REFETCHES_PER_PATH,
  REQUESTS,
} from './contract/environment';
import { USUAL_REFETCHES_PER_PATH } from './contract/pricing';
import { targetId, tenantFault } from './contract/target';
import type { DispatchConfiguration } from './dispatch/invalidate-distribution';
import { aliasesBy } from './paths/alias';
import type { ConfiguredOrigin, ConfiguredOrigins } from './paths/configured-origin';
import { excludedBy } from './paths/excluded-by';
import { tagsBy } from './paths/tags';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the stack tells the function. */
export interface Configuration extends DispatchConfiguration, ConfiguredOrigins {
  /** Whether the distributions may be read. */
  readonly readDistribution: boolean;
  /** Whether messages may request invalidations. */
  readonly takesRequests: boolean;
  /** Where to tell what is accepted and completed. @default - nobody is told */
  readonly events?: EventsConfiguration | undefined;
  /** Name of the table that the ledger is kept in. @default - every execution environment keeps its own, in memory */
  readonly ledgerTable?: string | undefined;
}

export interface EventsConfiguration {
  /** Name or ARN of an event bus. */
  readonly bus: string;
  /** Of the function's own queue. */
  readonly queueUrl: string;
}

/**
 * Reads the function's environment.
 *
 * @throws Error naming the variable, the rule and the value: a function deployed wrongly says so in its first log line,
 * and the messages stay in the queue
 */
export function readConfiguration(environment: Environment): Configuration {
  const refetchesPerPath = Number(environment[REFETCHES_PER_PATH] ?? USUAL_REFETCHES_PER_PATH);
  if (!(refetchesPerPath > 0 && Number.isFinite(refetchesPerPath)))
    throw misconfigured(REFETCHES_PER_PATH, 'a number above 0', environment);
  const origins = parseOrigins(environment).map(configureOrigin);
  const maxPathsPerDay = parseMaxPathsPerDay(environment, new Set(origins.map(targetId)).size);
  const dryRun = environment[DRY_RUN] === 'on';
  return {
    origins,
    indexDocument: environment[INDEX_DOCUMENT],
    takesRequests: environment[REQUESTS] === 'on',
    readDistribution: environment[READ_DISTRIBUTION] === 'on',
    refetchesPerPath,
    inspectBucket: environment[INSPECT_BUCKET] === 'on',
    dryRun,
    // A dry run invalidates nothing that could be told of.
    events: dryRun ? undefined : parseEvents(environment),
    ...(maxPathsPerDay !== undefined && { maxPathsPerDay }),
    // What a dry run pretends to have invalidated must never count as covered once it is over.
    ledgerTable: dryRun ? undefined : environment[LEDGER_TABLE],
  };
}

function parseEvents({ [EVENT_BUS]: bus, [QUEUE_URL]: queueUrl }: Environment): EventsConfiguration | undefined {
  if (bus === undefined) return undefined;
  if (bus === '') throw misconfigured(EVENT_BUS, 'the name or the ARN of an event bus', { [EVENT_BUS]: bus });
  if (!queueUrl) throw misconfigured(QUEUE_URL, `the URL of the queue, because ${EVENT_BUS} is set`, {});
  return { bus, queueUrl };
}

/** The share of the maximum that each distribution or tenant has. */
function parseMaxPathsPerDay(environment: Environment, targets: number): number | undefined {
  if (environment[MAX_PATHS_PER_DAY] === undefined) return undefined;
  const share = Math.floor(Number(environment[MAX_PATHS_PER_DAY]) / targets);
  if (Number.isSafeInteger(share) && share >= 1) return share;
  throw misconfigured(MAX_PATHS_PER_DAY, 'a whole number, a path at least for each distribution', environment);
}

function parseOrigins(environment: Environment): Origin[] {
  const rule = 'a JSON array of {"bucket", "distribution"}, at least one';
  let origins: unknown;
  try {
    origins = JSON.parse(environment[ORIGINS] ?? '');
  } catch {
    throw misconfigured(ORIGINS, rule, environment);
  }
  if (Array.isArray(origins) && origins.length > 0 && origins.every(isOrigin)) return origins;
  throw misconfigured(ORIGINS, rule, environment);
}

function isOrigin(value: Partial<Origin> | null): value is Origin {
  const {
    bucket,
    distribution,
    tenant,
    path = '',
    viewerPrefix = '',
    prefix,
    exclude = [],
    queryStrings = false,
    aliases = [],
  } = value ?? {};
  const isPath = (value: unknown) => typeof value === 'string' && /^(\/[^/]+)*$/.test(value);
  const isName = (name: unknown) => typeof name === 'string' && name !== '';
  return (
    isName(bucket) &&
    isName(distribution) &&
    (tenant === undefined || (typeof tenant === 'string' && tenantFault(tenant) === undefined)) &&
    isPath(path) &&
    isPath(viewerPrefix) &&
    (prefix === undefined || isName(prefix)) &&
    Array.isArray(exclude) &&
    exclude.every((glob) => typeof glob === 'string') &&
    typeof queryStrings === 'boolean' &&
    Array.isArray(aliases) &&
    aliases.every(isAlias)
  );
}

function isAlias(value: Partial<Alias> | null): value is Alias {
  const { pattern, paths = [], tags = [] } = value ?? {};
  return (
    typeof pattern === 'string' &&
    patternFault(pattern) === undefined &&
    Array.isArray(paths) &&
    paths.every((path) => typeof path === 'string' && aliasPathFault(path, pattern) === undefined) &&
    Array.isArray(tags) &&
    tags.every((tag) => typeof tag === 'string' && aliasTagFault(tag, pattern) === undefined)
  );
}

function configureOrigin(origin: Origin): ConfiguredOrigin {
  return {
    ...origin,
    // CloudFormation makes an empty glob of a comma with nothing behind it.
    excludes: excludedBy((origin.exclude ?? []).filter((glob) => glob !== '')),
    aliasesOf: aliasesBy(origin.aliases ?? []),
    tagsOf: tagsBy(origin.aliases ?? []),
  };
}

function misconfigured(name: string, rule: string, environment: Environment): Error {
  return new Error(`${name} must be ${rule}, but it is ${JSON.stringify(environment[name]) ?? 'missing'}`);
}
