import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readOptions } from '../local/cli/options';
import { count } from '../local/cli/report';
import { reasonOf } from '../local/cli/site-folder';
import { compareArrivals } from './as-it-arrives';
import { chartOf } from './chart';
import { deploysOf } from './deploys';
import { measureLoad } from './load/load';
import { LAYOUT_NAMES } from '../local/simulation/site';
import { checkOutFile, writeOutFile } from './out-file';
import { comparePlanners, type Site } from './planner';
import { LEGEND, tableOf } from './score';
import { measureSpeed } from './speed';
import { syntheticDeploys } from './synthetic';

const USAGE = `usage: npm run bench -- planner [DIR] [--as-it-arrives] [--blind] [--chart FILE]
       npm run bench -- speed
       npm run bench -- load [SCENARIO] [--seed N] [--site NAME]

DIR holds traces (*.jsonl.gz, made by npm run trace); without it, the bench makes up a site.

  --as-it-arrives   each deploy in batches, as its messages arrive, instead of in one
  --blind           with --as-it-arrives: without asking the bucket
  --chart FILE      the table as a picture (SVG)

SCENARIO is part of a load's name; without it, all loads are simulated, which takes more than an hour.

  --seed N          of the random numbers of a load (1)
  --site NAME       what changes: ${LAYOUT_NAMES.join(', ')} (sections)
  --help            this text`;

/** What each option says something about; elsewhere it would go unheard. */
const MEANT_FOR = { 'as-it-arrives': 'planner', blind: 'planner', chart: 'planner', seed: 'load', site: 'load' };

async function main(): Promise<void> {
  const { positionals, values } = readOptions(process.argv.slice(2), {
    'as-it-arrives': { type: 'boolean' },
    blind: { type: 'boolean' },
    chart: { type: 'string' },
    seed: { type: 'string' },
    site: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return console.log(USAGE);
  const [command, directory, ...rest] = positionals;
  if (command !== 'planner' && command !== 'speed' && command !== 'load')
    throw new Error(
      `What to measure must be "planner", "speed" or "load", but it is ${command ? `"${command}"` : 'not said'}.`,
    );
  const tooMuch = command === 'speed' ? directory : rest[0];
  if (tooMuch !== undefined) throw new Error(`There is one word too many: "${tooMuch}".`);
  for (const [option, only] of Object.entries(MEANT_FOR)) {
    if (Object.hasOwn(values, option) && command !== only)
      throw new Error(`--${option} must be left out of "${command}": it is an option of "${only}".`);
  }
  if (values.blind && !values['as-it-arrives'])
    throw new Error(
      '--blind must come with --as-it-arrives, but it comes alone; without, blind plans are a row of their own.',
    );
  if (command === 'speed') return measureSpeed();
  if (command === 'load') {
    const { seed = '1', site = 'sections' } = values;
    if (!/^\d+$/.test(seed)) throw new Error(`--seed must be a whole number, but it is "${seed}".`);
    const layout = LAYOUT_NAMES.find((name) => name === site);
    if (!layout) throw new Error(`--site must be one of ${LAYOUT_NAMES.join(', ')}, but it is "${site}".`);
    if (!(await measureLoad(directory ?? '', { seed: Number(seed), layout }, console.log))) process.exitCode = 1;
    return;
  }
  if (values.chart !== undefined) checkOutFile(values.chart, '--chart');
  const sites = directory === undefined ? [{ name: 'made up', deploys: syntheticDeploys() }] : tracesIn(directory);
  const { scores, optimum } = values['as-it-arrives']
    ? await compareArrivals(sites, values.blind ?? false)
    : await comparePlanners(sites);
  console.log(`${count(sites.length, 'site')}, ${count(optimum.deploys, 'deploy')}\n`);
  console.log(`${tableOf(scores, optimum)}\n\n${LEGEND}`);
  if (values.chart !== undefined) writeOutFile(values.chart, '--chart', chartOf(scores, optimum));
}

function tracesIn(directory: string): Site[] {
  const files = namesIn(directory).filter((file) => file.endsWith('.jsonl.gz'));
  if (files.length === 0) throw new Error(`DIR must hold traces (*.jsonl.gz), but ${directory} holds none.`);
  return files.sort().map((file) => ({ name: basename(file, '.jsonl.gz'), deploys: deploysOf(join(directory, file)) }));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    const reason = reasonOf(error);
    throw new Error(`DIR must be a folder with traces (*.jsonl.gz), but ${directory} cannot be read: ${reason}.`);
  }
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : error} npm run bench -- --help tells what there is.`);
  process.exitCode = 2;
});
