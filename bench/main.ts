import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readOptions } from '../local/cli/options';
import { count } from '../local/cli/report';
import { reasonOf } from '../local/cli/site-folder';
import { compareArrivals } from './as-it-arrives';
import { chartOf } from './chart';
import { deploysOf } from './deploys';
import { measureLoad } from './load/load';
import { comparePlanners, type Site } from './planner';
import { LEGEND, tableOf } from './score';
import { measureSpeed } from './speed';
import { syntheticDeploys } from './synthetic';

const USAGE = `usage: npm run bench -- planner [DIR] [--as-it-arrives] [--blind] [--chart FILE]
       npm run bench -- speed
       npm run bench -- load [SCENARIO] [--seed N]

DIR holds traces (*.jsonl.gz, made by npm run trace); without it, the bench makes up a site.

  --as-it-arrives   each deploy in batches, as its messages arrive, instead of in one
  --blind           as it arrives, without asking the bucket
  --chart FILE      the table as a picture (SVG)

SCENARIO is part of a load's name; without it, all loads are simulated, which takes minutes.

  --seed N          of the random numbers of a load (1)
  --help            this text`;

async function main(): Promise<void> {
  const { positionals, values } = readOptions(process.argv.slice(2), {
    'as-it-arrives': { type: 'boolean', default: false },
    blind: { type: 'boolean', default: false },
    chart: { type: 'string' },
    seed: { type: 'string', default: '1' },
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
  if (command === 'speed') return measureSpeed();
  if (command === 'load') {
    if (!/^\d+$/.test(values.seed)) throw new Error(`--seed must be a whole number, but it is "${values.seed}".`);
    if (!(await measureLoad(directory ?? '', Number(values.seed), console.log))) process.exitCode = 1;
    return;
  }
  if (values.chart !== undefined && !existsSync(dirname(values.chart)))
    throw new Error(`--chart must be a file in a folder that exists, but there is no folder ${dirname(values.chart)}.`);
  const sites = directory === undefined ? [{ name: 'made up', deploys: syntheticDeploys() }] : tracesIn(directory);
  const { scores, optimum } = values['as-it-arrives']
    ? await compareArrivals(sites, values.blind)
    : await comparePlanners(sites);
  console.log(`${count(sites.length, 'site')}, ${count(optimum.deploys, 'deploy')}\n`);
  console.log(`${tableOf(scores, optimum)}\n\n${LEGEND}`);
  if (values.chart !== undefined) writeFileSync(values.chart, chartOf(scores, optimum));
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
