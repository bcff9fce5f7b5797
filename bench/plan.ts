import { readFileSync } from 'node:fs';
import { compareKeys } from '../lambda/key-order';
import { viewerPaths } from '../lambda/path';
import { planWithCensus } from '../lambda/planner';
import { DOLLARS_PER_PATH } from '../lambda/price';
import { planOptions } from '../lambda/strain';
import { readOptions } from '../local/cli/options';
import { count } from '../local/cli/report';
import { reasonOf } from '../local/cli/site-folder';
import { listable } from './bucket';

const USAGE = `usage: npm run --silent plan -- [options] < KEYS

Changed keys in, one a line; the paths to invalidate out, one a line; what they cost on stderr.

  --objects FILE            all keys of the bucket after the change, one a line; without, the plan is made blind
  --refetches-per-path N    unchanged objects that may be discarded to save one path (100)
  --max-wildcards N         (15)
  --max-paths N             (1000)
  --origin-path PATH        the distribution's origin path, like /production
  --index-document NAME     what a folder's URL is answered with (none; what is deployed has index.html by default)
  --help                    this text`;

async function main(): Promise<void> {
  const { values, positionals } = readOptions(process.argv.slice(2), {
    objects: { type: 'string' },
    'refetches-per-path': { type: 'string', default: '100' },
    'max-wildcards': { type: 'string', default: '15' },
    'max-paths': { type: 'string', default: '1000' },
    'origin-path': { type: 'string', default: '' },
    'index-document': { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return console.log(USAGE);
  if (positionals.length > 0)
    throw new Error(`The changed keys come on standard input, but there is also "${positionals[0]}".`);
  const path = values['origin-path'];
  if (path !== '' && !/^\/.*[^/]$/.test(path))
    throw new Error(`--origin-path must begin with a slash and not end in one, but it is "${path}".`);
  const keys = linesOf(0);
  if (keys.length === 0)
    throw new Error('There must be changed keys on standard input, one a line, but there are none.');
  const changed = keys.map((key) => ({ bucket: '', key, paths: viewerPaths(key, path, values['index-document']) }));
  const options = {
    ...planOptions(positive('refetches-per-path', values['refetches-per-path'], 0), 0),
    maxWildcards: positive('max-wildcards', values['max-wildcards'], 1),
    maxPaths: positive('max-paths', values['max-paths'], 1),
  };
  const objects = values.objects === undefined ? undefined : objectsIn(values.objects).sort(compareKeys);
  const list = objects && listable(objects);
  const plan = await planWithCensus(changed, {
    ...options,
    ...(list && {
      census: {
        origins: [{ bucket: '', path }],
        list: async ({ prefix, startAfter, maxKeys }) => list(prefix, startAfter, maxKeys),
      },
    }),
  });
  for (const line of plan.paths) console.log(line);
  const known = list ? count(plan.listedPages, 'list page') : 'bucket unknown';
  const alone = plan.wildcards === 0 ? 'no wildcard' : 'a wildcard';
  const among = plan.wildcards === 1 ? '1 of them a wildcard' : `${plan.wildcards} of them wildcards`;
  const wildcards = plan.paths.length === 1 ? alone : among;
  const price = plan.price.toFixed(2);
  console.error(
    `${count(plan.paths.length, 'path')}, ${wildcards}; discards about ${count(plan.discarded, 'unchanged object')};` +
      ` price ${price} ${price === '1.00' ? 'path' : 'paths'}, $${(plan.paths.length * DOLLARS_PER_PATH).toFixed(3)}; ${known}`,
  );
}

function objectsIn(file: string): string[] {
  try {
    return linesOf(file);
  } catch (error) {
    throw new Error(`--objects must be a file with keys, but ${file} cannot be read: ${reasonOf(error)}.`);
  }
}

function linesOf(file: string | number): string[] {
  return [...new Set(readFileSync(file, 'utf8').split(/\r?\n/))].filter((line) => line !== '');
}

function positive(option: string, text: string, least: number): number {
  const value = Number(text);
  const isFine = least === 0 ? value > 0 : Number.isInteger(value) && value >= least;
  if (isFine) return value;
  throw new Error(
    `--${option} must be ${least === 0 ? 'a number above 0' : 'a whole number from 1 on'}, but it is "${text}".`,
  );
}

main().catch((error: unknown) => {
  console.error(
    `${error instanceof Error ? error.message : error} npm run --silent plan -- --help tells what there is.`,
  );
  process.exitCode = 2;
});
