import { misconfiguration } from '../../lambda/dispatch/misconfiguration';
import type { Behavior, Distribution } from '../../lambda/distribution/distribution';
import { uncoveredCopies } from '../../lambda/distribution/error-pages';
import { foreignBehaviors, routesTo } from '../../lambda/distribution/routes';
import { disagreements } from '../../lambda/paths/disagreements';
import { serve } from '../../lambda/paths/served-origin';
import { originPathsOf, type ServedDistribution, servedDistribution } from '../../lambda/paths/served-origins';
import { withStatedPaths } from '../../lambda/paths/tenant-parameters';
import type { Question } from '../question';
import type { Examination } from './examine';
import { inTheWay, isTaken, notesOnNotifications } from './notifications';

/** What the doctor makes of what it found. */
export interface Diagnosis {
  /** What would go stale: a sentence each. */
  readonly stale: readonly string[];
  /** What is good to know, but leaves nothing stale by itself. */
  readonly notes: readonly string[];
  /** Options that are needed, as they are written in TypeScript. */
  readonly options: readonly string[];
  readonly behaviors: readonly BehaviorRow[];
  /** Keys of the bucket, and the paths that each is invalidated by. */
  readonly examples: readonly (readonly [key: string, paths: readonly string[]])[];
}

/** A behavior, as a row of a table. */
export interface BehaviorRow {
  readonly pattern: string;
  readonly origin: string;
  /** What lies behind it in the bucket. */
  readonly keys: string;
  readonly cache: string;
}

export function diagnose(question: Question, { distribution: asItIs, keys, notifications }: Examination): Diagnosis {
  const { bucket, distribution } = question;
  const sampled = 'value' in keys ? keys.value : [];
  const unlisted =
    'failure' in keys ? [`Bucket ${bucket} can't be listed, so the examples are made up: ${keys.failure}`] : [];
  const read = withStatedPaths(asItIs, [origin(question)]);
  const view = viewOf(question, read);
  const said = disagreements(distribution, read, [origin(question)]);
  const isThere = originPathsOf(read, { bucket }).length > 0;
  // What both say leaves nothing stale: the paths of both are invalidated.
  const isOnlyDoubled = (sentence: string) => sentence.includes('the option originPath');
  const ofBucket = 'failure' in notifications ? undefined : notifications.value;
  return {
    stale: [
      ...misconfigured(question, read),
      ...staging(distribution, read),
      ...leftOut(question, read, sampled),
      ...said.filter((each) => !isOnlyDoubled(each)),
      ...inTheWay(bucket, ofBucket),
    ],
    notes: [
      ...said.filter(isOnlyDoubled),
      ...unlisted,
      ...('failure' in notifications
        ? [`The notifications of bucket ${bucket} can't be read: ${notifications.failure}`]
        : notesOnNotifications(bucket, notifications.value)),
      ...notesOn(distribution, read, bucket),
    ],
    options: [
      ...(isThere
        ? []
        : ['originPath, indexDocument and queryStrings, as the distribution that serves the bucket has them']),
      ...(said.some((each) => each.includes('cache policy'))
        ? ["queryStrings: true, if the cache policy that can't be read has them"]
        : []),
      ...(read.isTenantOnly && question.tenant === undefined
        ? ['tenant: the id (dt_…) of the tenant that serves the bucket, and its originPath']
        : []),
      ...(isTaken(ofBucket) ? ['events: eventbridge'] : []),
    ],
    behaviors: read.behaviors.map((behavior) => rowOf(behavior, read, bucket)),
    examples: examplesOf(sampled, bucket, view, read.rootObject),
  };
}

function origin({ bucket, distribution, tenant, originPath: path, viewerPrefix, queryStrings }: Question) {
  return { bucket, distribution, tenant, path, viewerPrefix, queryStrings, excludes: () => false, aliasesOf: () => [] };
}

function viewOf(question: Question, read: Distribution): ServedDistribution {
  const { indexDocument } = question;
  return servedDistribution({ origins: [origin(question)], indexDocument }, question, read);
}

/** What the function would answer to every change. */
function misconfigured(question: Question, read: Distribution): string[] {
  const error = misconfiguration(question, [origin(question)], read);
  return error ? [`${error.message}. Every change would end in the dead-letter queue`] : [];
}

/** Viewers reach the primary distribution, which has caches of its own. */
function staging(distribution: string, { isStaging }: Distribution): string[] {
  if (!isStaging) return [];
  return [`Distribution ${distribution} is a staging distribution: name the one that viewers reach`];
}

/** Paths that the distribution has for keys of the bucket, and the options leave out. */
function leftOut(question: Question, read: Distribution, keys: readonly string[]): string[] {
  const { bucket, distribution, tenant, indexDocument, queryStrings } = question;
  const stated = viewOf(question, read);
  const unstated = viewOf({ bucket, distribution, tenant }, read);
  for (const key of keys) {
    const kept = pathsOf(stated, bucket, key);
    const [path] = pathsOf(unstated, bucket, key).filter((each) => !kept.includes(each));
    if (path === undefined) continue;
    const options = { indexDocument: indexDocument === '' ? 'none' : indexDocument, queryStrings };
    const said = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}`));
    return [`The options (${said.join(', ')}) leave out ${path}, under which the distribution serves ${key}`];
  }
  return [];
}

function pathsOf({ origins }: ServedDistribution, bucket: string, key: string): string[] {
  const served = origins.filter((each) => each.bucket === bucket).map((each) => serve(key, each));
  return [...new Set(served.flatMap((each) => (each.kind === 'served' ? each.paths : [])))];
}

function notesOn(distribution: string, read: Distribution, bucket: string): string[] {
  const routes = routesTo(read, bucket);
  const rewriting = [
    ...new Set(routes.filter(({ behavior }) => behavior.rewrites).map(({ behavior }) => behavior.pattern)),
  ];
  const foreign = foreignBehaviors(read, [bucket]);
  return [
    ...(read.isEnabled ? [] : [`Distribution ${distribution} is disabled: it serves nobody`]),
    ...(rewriting.length > 0
      ? [
          `A function at ${rewriting.join(', ')} may lead viewers' URLs to other objects. What it rewrites, beside the URLs ` +
            'of folders, nobody can know: state it as aliases',
        ]
      : []),
    ...(foreign.length > 0
      ? [
          `What ${foreign.map(({ pattern }) => pattern).join(', ')} caches of other origins is evicted only when nothing else passes`,
        ]
      : []),
    ...(uncoveredCopies(read, [bucket]).length === 0 && read.errorPages.some(({ minTtl }) => minTtl > 60)
      ? ['Error pages are held for more than 60 s: a change of such a page takes a wildcard over its behaviors']
      : []),
    "Browsers' own caches, and what stands between them and CloudFront, are not invalidated: Cache-Control tells them",
  ];
}

function rowOf(behavior: Behavior, read: Distribution, bucket: string): BehaviorRow {
  const { pattern, origins, caches, queryStrings, rewrites } = behavior;
  const routes = routesTo(read, bucket).filter((each) => each.behavior === behavior);
  const key =
    queryStrings === undefined ? 'path, query string unknown' : queryStrings ? 'path and query string' : 'path';
  return {
    pattern: pattern === '/*' && behavior === read.behaviors.at(-1) ? '/* (default)' : pattern,
    origin: origins.map(({ domain, path }) => domain + path).join(' or ') || 'unknown',
    keys: routes.map(({ origin }) => `${origin.path}${pattern}`.slice(1)).join(' or ') || 'not of this bucket',
    cache: `${caches ? key : 'not cached'}${rewrites ? ', a function may rewrite' : ''}`,
  };
}

/** How many examples a person reads. */
const MOST_EXAMPLES = 6;

/** Keys of different kinds: the root object, an index of a folder, one behind each behavior, others. */
function examplesOf(
  keys: readonly string[],
  bucket: string,
  view: ServedDistribution,
  rootObject: string,
): Diagnosis['examples'] {
  const { origins } = view;
  const folders = origins.map(({ path }) => (path === '' ? '' : `${path.slice(1)}/`));
  const madeUp = folders.flatMap((folder) => [
    `${folder}index.html`,
    `${folder}docs/index.html`,
    `${folder}docs/a b.html`,
  ]);
  const all = (keys.length > 0 ? keys : madeUp).map((key) => [key, pathsOf(view, bucket, key)] as const);
  const isRoot = (key: string) => folders.some((folder) => key === folder + (rootObject || 'index.html'));
  const kindOf = ([key, paths]: readonly [string, readonly string[]]) =>
    isRoot(key) ? 'root' : `${key.split('/').slice(0, 2).length} ${paths.length} ${key.split('/')[0]?.includes('.')}`;
  const kinds = new Set<string>();
  const firsts = all.filter((each) => kinds.size < kinds.add(kindOf(each)).size);
  return firsts.toSorted(([a], [b]) => Number(isRoot(b)) - Number(isRoot(a))).slice(0, MOST_EXAMPLES);
}
