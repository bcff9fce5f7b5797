import { readFileSync } from 'node:fs';
import { compareKeys } from '../lambda/bucket/key-order';
import { DOLLARS_PER_PATH } from '../lambda/contract/pricing';
import { planOptions } from '../lambda/dispatch/strain';
import { viewerPaths } from '../lambda/paths/viewer-path';
import { type InformedPlan, planWithInventory } from '../lambda/plan/plan';
import { checkGlobs, checkOriginPath } from '../lib/options/origin';
import { checkIndexDocument } from '../lib/options/rules';
import { readOptions } from '../local/cli/options';
import { count } from '../local/cli/report';
import { reasonOf } from '../local/cli/site-folder';
import { listable } from '../local/simulation/bucket';
import { keysIn } from './key-lines';
import { remarksOn, servedKeys } from './served-keys';

const USAGE = `usage: npm run --silent plan -- [options] < KEYS

Changed keys in, one a line; the paths to invalidate out, one a line; what they cost on stderr, and which keys are left out.

  --objects FILE            all keys of the bucket after the change, one a line; without, the plan is made blind
  --refetches-per-path N    unchanged objects that may be discarded to save one path (100)
  --max-wildcards N         (15)
  --max-paths N             (1000)
  --origin-path PATH        the distribution's origin path, like /production
  --index-document NAME     what a folder's URL is answered with, or none (index.html)
  --exclude GLOB            keys that are not invalidated, within the origin path, like 'assets/**'; may be repeated
  --help                    this text`;

async function main(): Promise<void> {
  const { values, positionals } = readOptions(process.argv.slice(2), {
    objects: { type: 'string' },
    'refetches-per-path': { type: 'string', default: '100' },
    'max-wildcards': { type: 'string', default: '15' },
    'max-paths': { type: 'string', default: '1000' },
    'origin-path': { type: 'string', default: '' },
    'index-document': { type: 'string', default: 'index.html' },
    exclude: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return console.log(USAGE);
  if (positionals.length > 0)
    throw new Error(`The changed keys come on standard input, but there is also "${positionals[0]}".`);
  const path = checkOriginPath(values['origin-path'], '--origin-path');
  const index = checkIndexDocument(values['index-document'], '--index-document');
  const globs = checkGlobs(values.exclude, '--exclude');
  const refetchesPerPath = positive('refetches-per-path', values['refetches-per-path'], 0);
  const options = {
    ...planOptions(refetchesPerPath),
    maxWildcards: positive('max-wildcards', values['max-wildcards'], 1),
    maxPaths: positive('max-paths', values['max-paths'], 1),
  };
  const list = values.objects === undefined ? undefined : listable(objectsIn(values.objects).sort(compareKeys));
  const keys = keysIn(readFileSync(0), 'Standard input');
  if (keys.length === 0)
    throw new Error('There must be changed keys on standard input, one a line, but there are none.');
  const sorted = servedKeys(keys, path, globs);
  for (const remark of remarksOn(keys, path, sorted)) console.error(remark);
  const indexDocument = index === 'none' ? '' : index;
  const changed = sorted.served.map((key) => ({ bucket: '', key, paths: viewerPaths(key, path, indexDocument) }));
  const plan = await planWithInventory(changed, {
    ...options,
    ...(list && {
      census: {
        origins: [{ bucket: '', path }],
        list: async ({ prefix, startAfter, maxKeys }) => list(prefix, startAfter, maxKeys),
      },
    }),
  });
  for (const line of plan.paths) console.log(line);
  console.error(summaryOf(plan, refetchesPerPath, list !== undefined));
}

/** What a plan costs, in a line: first what CloudFront bills, then what the planner weighs. */
function summaryOf(plan: InformedPlan, refetchesPerPath: number, isBucketKnown: boolean): string {
  const { paths, wildcards, evicted, price, listedPages } = plan;
  const some = wildcards === 0 ? 'no wildcard' : count(wildcards, 'wildcard');
  const bill = `${count(paths.length, 'path')}, ${some}: $${(paths.length * DOLLARS_PER_PATH).toFixed(3)}`;
  const weight =
    evicted === 0
      ? 'no unchanged object discarded'
      : `weighed as ${price.toFixed(2)} paths (about ${count(evicted, 'unchanged object')} discarded,` +
        ` ${refetchesPerPath.toLocaleString('en')} weigh as one path)`;
  return `${bill}; ${weight}; ${isBucketKnown ? count(listedPages, 'list page') : 'bucket unknown'}`;
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

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`${message.replace(/\.?$/, '.')} npm run --silent plan -- --help tells what there is.`);
  process.exitCode = 2;
});
