import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareKeys } from '../lambda/key-order';
import { viewerPaths } from '../lambda/path';
import { planWithCensus } from '../lambda/planner';
import { listable } from './bucket';

const USAGE = `usage: npm run --silent plan -- [options] < KEYS

Changed keys in, one a line; the paths to invalidate out, one a line; what they cost on stderr.

  --objects FILE            all keys of the bucket after the change, one a line; without, the plan is made blind
  --refetches-per-path N    unchanged objects that may be discarded to save one path (100)
  --max-wildcards N         (15)
  --max-paths N             (1000)
  --origin-path PATH        the distribution's origin path, like /production
  --index-document NAME     what a folder's URL is answered with, like index.html`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      objects: { type: 'string' },
      'refetches-per-path': { type: 'string', default: '100' },
      'max-wildcards': { type: 'string', default: '15' },
      'max-paths': { type: 'string', default: '1000' },
      'origin-path': { type: 'string', default: '' },
      'index-document': { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const path = values['origin-path'];
  if (path !== '' && !/^\/.*[^/]$/.test(path))
    throw new Error('--origin-path must begin with a slash and not end in one');
  const keys = linesOf(0);
  if (keys.length === 0) throw new Error('no changed keys on standard input');
  const changed = keys.map((key) => ({ bucket: '', key, paths: viewerPaths(key, path, values['index-document']) }));
  const options = {
    refetchesPerPath: positive('refetches-per-path', values['refetches-per-path'], 0),
    maxWildcards: positive('max-wildcards', values['max-wildcards'], 1),
    maxPaths: positive('max-paths', values['max-paths'], 1),
  };
  const objects = values.objects === undefined ? undefined : linesOf(values.objects).sort(compareKeys);
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
  const known = list ? `${plan.listedPages} list pages` : 'bucket unknown';
  console.error(
    `${plan.paths.length} paths, ${plan.wildcards} of them wildcards; discards about ${plan.discarded} unchanged objects;` +
      ` price ${plan.price.toFixed(2)} paths, $${(plan.paths.length * 0.005).toFixed(3)}; ${known}`,
  );
}

function linesOf(file: string | number): string[] {
  return [...new Set(readFileSync(file, 'utf8').split(/\r?\n/))].filter((line) => line !== '');
}

function positive(option: string, text: string, least: number): number {
  const value = Number(text);
  const isFine = least === 0 ? value > 0 : Number.isInteger(value) && value >= least;
  if (isFine) return value;
  throw new Error(
    `--${option} must be ${least === 0 ? 'a number above 0' : 'a whole number from 1 on'}, but it is ${text}`,
  );
}

main().catch((error: unknown) => {
  console.error(`plan: ${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 2;
});
