import picomatch from 'picomatch';
import { aliasPathFault, patternFault } from './contract/alias-pattern';
import {
  type Alias,
  DRY_RUN,
  INDEX_DOCUMENT,
  INSPECT_BUCKET,
  ORIGINS,
  type Origin,
  REFETCHES_PER_PATH,
} from './contract/environment';
import { USUAL_REFETCHES_PER_PATH } from './contract/pricing';
import { aliasesBy } from './paths/alias';

/** What the stack tells the function. */
export interface Configuration {
  readonly origins: readonly ConfiguredOrigin[];
  /** Empty: folders have none. */
  readonly indexDocument: string;
  /** How many unchanged objects thrown out of the caches weigh as much as one path. */
  readonly refetchesPerPath: number;
  /** Whether the buckets may be listed. */
  readonly inspectBucket: boolean;
  /**
   * Whether CloudFront is not called.
   *
   * @default false
   */
  readonly dryRun?: boolean;
}

export interface ConfiguredOrigin extends Origin {
  /** Whether a name, relative to the origin path, is never to be invalidated. */
  readonly excludes: (name: string) => boolean;
  /** Further viewer paths of a name, ready to be invalidated. */
  readonly aliasesOf: (name: string) => string[];
}

/**
 * Reads the function's environment.
 *
 * @throws Error naming the variable, the rule and the value: a function deployed wrongly says so in its first log line,
 * and the messages stay in the queue
 */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const refetchesPerPath = Number(environment[REFETCHES_PER_PATH] ?? USUAL_REFETCHES_PER_PATH);
  if (!(refetchesPerPath > 0 && Number.isFinite(refetchesPerPath)))
    throw misconfigured(REFETCHES_PER_PATH, 'a number above 0', environment);
  return {
    origins: parseOrigins(environment).map(configureOrigin),
    indexDocument: environment[INDEX_DOCUMENT] ?? '',
    refetchesPerPath,
    inspectBucket: environment[INSPECT_BUCKET] === 'on',
    dryRun: environment[DRY_RUN] === 'on',
  };
}

function parseOrigins(environment: Readonly<Record<string, string | undefined>>): Origin[] {
  const rule = 'a JSON array of {"bucket", "distribution", "path"}, at least one';
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
  const { bucket, distribution, path, prefix, exclude = [], queryStrings = false, aliases = [] } = value ?? {};
  const isName = (name: unknown) => typeof name === 'string' && name !== '';
  return (
    isName(bucket) &&
    isName(distribution) &&
    typeof path === 'string' &&
    /^(\/[^/]+)*$/.test(path) &&
    (prefix === undefined || isName(prefix)) &&
    Array.isArray(exclude) &&
    exclude.every(isName) &&
    typeof queryStrings === 'boolean' &&
    Array.isArray(aliases) &&
    aliases.every(isAlias)
  );
}

function isAlias(value: Partial<Alias> | null): value is Alias {
  const { pattern, paths } = value ?? {};
  return (
    typeof pattern === 'string' &&
    patternFault(pattern) === undefined &&
    Array.isArray(paths) &&
    paths.every((path) => typeof path === 'string' && aliasPathFault(path, pattern) === undefined)
  );
}

function configureOrigin(origin: Origin): ConfiguredOrigin {
  const globs = origin.exclude ?? [];
  return {
    ...origin,
    excludes: globs.length > 0 ? picomatch([...globs], { dot: true }) : () => false,
    aliasesOf: aliasesBy(origin.aliases ?? []),
  };
}

function misconfigured(name: string, rule: string, environment: Readonly<Record<string, string | undefined>>): Error {
  return new Error(`${name} must be ${rule}, but it is ${JSON.stringify(environment[name]) ?? 'missing'}`);
}
