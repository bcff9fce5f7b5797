import { readFileSync } from 'node:fs';
import { compareKeys } from '../../lambda/bucket/key-order';
import { folderOf } from '../../lambda/contract/environment';
import { excludesAll, globFault } from '../../lambda/contract/option-rules';
import { DOLLARS_PER_PATH } from '../../lambda/contract/pricing';
import { LEAST_SAVING } from '../../lambda/dispatch/pacing';
import { servedName, viewerPaths } from '../../lambda/paths/viewer-path';
import { count } from '../count';
import { keysIn } from '../key-lines';
import { checked, readIndexDocument, readOriginPath } from '../option-values';
import { readOptions } from '../options';
import { reasonOf } from '../reason';
import { listable } from './bucket-in-memory';
import { countEvicted } from './count-evicted';
import { type PlanWithListing, planWithListing } from './plan-with-listing';
import { remarksOn, servedKeys } from './served-keys';

export const usage = `usage: cloudfront-invalidator plan [options] < KEYS

Reads changed keys from standard input, one per line, and prints the paths to invalidate, one per line.
Their cost, and which keys are left out, go to standard error. It needs no AWS account.

  --objects FILE            all keys of the bucket after the change, one per line (default: the bucket is estimated)
  --refetches-per-path N    unchanged objects that may be evicted to save one path (default: 100)
  --max-wildcards N         the most wildcards (default: 15)
  --max-paths N             the most paths (default: 1000)
  --origin-path PATH        the distribution's origin path, such as /production
  --viewer-prefix PATH      what viewers have in front of the keys, such as /assets
  --index-document NAME     the document for folder URLs, or none (default: index.html)
  --exclude GLOB            keys to leave out, relative to the origin path, such as 'assets/**'; can be repeated
  --help                    print this text

Examples:
  printf 'docs/a.html\\ndocs/b.html\\n' | cloudfront-invalidator plan
  aws s3api list-objects-v2 --bucket NAME --query 'Contents[].[Key]' --output text > objects.txt
  cloudfront-invalidator plan --objects objects.txt < changed.txt

Exit codes: 0, there is a plan; 2, the command line or the keys are wrong.
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, {
    objects: { type: 'string' },
    'refetches-per-path': { type: 'string', default: '100' },
    'max-wildcards': { type: 'string', default: '15' },
    'max-paths': { type: 'string', default: '1000' },
    'origin-path': { type: 'string', default: '' },
    'viewer-prefix': { type: 'string', default: '' },
    'index-document': { type: 'string', default: 'index.html' },
    exclude: { type: 'string', multiple: true, default: [] },
  });
  if (positionals.length > 0)
    throw new Error(`The changed keys come on standard input, but there is also "${positionals[0]}".`);
  const path = readOriginPath(values['origin-path']);
  const indexDocument = readIndexDocument(values['index-document']);
  const viewerFolder = folderOf(readOriginPath(values['viewer-prefix'], '--viewer-prefix'));
  const globs = values.exclude.map((glob) => checked(glob, '--exclude', globFault));
  const refetchesPerPath = positive('refetches-per-path', values['refetches-per-path'], 0);
  const limits = {
    refetchesPerPath,
    leastSaving: LEAST_SAVING,
    maxWildcards: positive('max-wildcards', values['max-wildcards'], 1),
    maxPaths: positive('max-paths', values['max-paths'], 1),
  };
  const objects = values.objects === undefined ? undefined : objectsIn(values.objects).sort(compareKeys);
  const list = objects && listable(objects);
  const keys = keysIn(readFileSync(0), 'Standard input');
  if (keys.length === 0)
    throw new Error('There must be changed keys on standard input, one a line, but there are none.');
  if (excludesAll(globs)) console.error(`--exclude ${globs.join(' --exclude ')} excludes every key.`);
  const sorted = servedKeys(keys, path, globs);
  for (const remark of remarksOn(keys, path, sorted)) console.error(remark);
  const pathsOf = (key: string) => {
    const name = servedName(key, path);
    return name === undefined ? [] : viewerPaths(viewerFolder + name, '', indexDocument);
  };
  const changed = sorted.served.map((key) => ({
    ...{ bucket: '', key, originPath: path, viewerFolder },
    paths: pathsOf(key),
  }));
  const plan = await planWithListing(changed, {
    limits,
    origins: [{ bucket: '', path, viewerFolder }],
    list: list && (async ({ prefix, startAfter, maxKeys }) => list(prefix, startAfter, maxKeys)),
  });
  for (const line of plan.paths) console.log(line);
  const counted = objects && countEvicted(plan.paths, objects, sorted.served, pathsOf);
  console.error(summaryOf(plan, refetchesPerPath, counted));
  return 0;
}

/**
 * What a plan costs, in a line: first what CloudFront bills, then what evicted objects weigh.
 *
 * @param counted unchanged objects that it evicts. Undefined: the bucket is not known, and the planner's estimate counts
 */
function summaryOf(plan: PlanWithListing, refetchesPerPath: number, counted: number | undefined): string {
  const { paths, wildcards, listedPages } = plan;
  const evicted = counted ?? plan.evicted;
  const price = (paths.length + evicted / refetchesPerPath).toFixed(2);
  const some = wildcards === 0 ? 'no wildcard' : count(wildcards, 'wildcard');
  const bill = `${count(paths.length, 'path')}, ${some}: $${(paths.length * DOLLARS_PER_PATH).toFixed(3)}`;
  const number = `${counted === undefined ? 'about ' : ''}${count(evicted, 'unchanged object')}`;
  const weight =
    evicted === 0
      ? 'no unchanged object evicted'
      : `weighed as ${price} paths (${number} evicted, ${refetchesPerPath.toLocaleString('en')} weigh as one path)`;
  return `${bill}; ${weight}; ${counted === undefined ? 'bucket unknown' : count(listedPages, 'list page')}`;
}

function objectsIn(file: string): string[] {
  return keysIn(bytesOf(file), `--objects ${file}`);
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`--objects must be a file with keys, but ${file} cannot be read: ${reasonOf(error)}.`);
  }
}

function positive(option: string, text: string, least: number): number {
  const value = Number(text);
  const isFine = least === 0 ? value > 0 && Number.isFinite(value) : Number.isInteger(value) && value >= least;
  if (isFine) return value;
  throw new Error(
    `--${option} must be ${least === 0 ? 'a number above 0' : 'a whole number from 1 on'}, but it is "${text}".`,
  );
}
