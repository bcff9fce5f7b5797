import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareArrivals } from './as-it-arrives';
import { chartOf } from './chart';
import { deploysOf } from './deploys';
import { comparePlanners, type Site } from './planner';
import { tableOf } from './score';
import { measureSpeed } from './speed';
import { syntheticDeploys } from './synthetic';

const USAGE = `usage: npm run bench -- planner [DIR] [--as-it-arrives] [--blind] [--chart FILE]
       npm run bench -- speed

DIR holds traces (*.jsonl.gz, made by npm run trace); without it, the bench makes up a site.`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      'as-it-arrives': { type: 'boolean', default: false },
      blind: { type: 'boolean', default: false },
      chart: { type: 'string' },
    },
  });
  const [command, directory, ...rest] = positionals;
  if (command === 'speed' && directory === undefined) return measureSpeed();
  if (command !== 'planner' || rest.length > 0) throw new Error(USAGE);
  const sites = directory === undefined ? [{ name: 'made up', deploys: syntheticDeploys() }] : tracesIn(directory);
  const { scores, optimum } = values['as-it-arrives']
    ? await compareArrivals(sites, values.blind)
    : await comparePlanners(sites);
  console.log(`${sites.length} ${sites.length === 1 ? 'site' : 'sites'}, ${optimum.deploys} deploys\n`);
  console.log(tableOf(scores, optimum));
  if (values.chart !== undefined) writeFileSync(values.chart, chartOf(scores, optimum));
}

function tracesIn(directory: string): Site[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.jsonl.gz'));
  if (files.length === 0) throw new Error(`no traces (*.jsonl.gz) in ${directory}`);
  return files.sort().map((file) => ({ name: basename(file, '.jsonl.gz'), deploys: deploysOf(join(directory, file)) }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
