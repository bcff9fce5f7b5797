import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { count } from '../cli/count';
import { readOptions } from '../cli/options';
import { checkOutFile, writeOutFile } from '../cli/out-file';
import { reasonOf } from '../cli/reason';
import { LAYOUT_NAMES } from '../local/simulation/site';
import { compareArrivals } from './as-it-arrives';
import { chartOf } from './chart';
import { deploysOf, everyNth } from './deploys';
import { measureLoad } from './load/load';
import { comparePlanners, type Site } from './planner';
import { LEGEND, meaningsOf, type Score, tableOf } from './score';
import { measureSpeed } from './speed';
import { syntheticDeploys } from './synthetic';
import { measureVerify } from './verify';

const USAGE = `usage: npm run bench -- planner [DIR] [--as-it-arrives [--pollers N] [--blind]] [--every N] [--chart FILE]
       npm run bench -- speed
       npm run bench -- verify
       npm run bench -- load [SCENARIO] [--pollers N] [--ledger on|off] [--field] [--seed N] [--site NAME]

DIR holds traces (*.jsonl.gz, made by npm run trace); without it, the bench makes up a site.

  --as-it-arrives   each deploy in batches, as its messages arrive, instead of in one
  --pollers N       how many of them gather a batch each: 2 or 5 (both, one table after the other)
  --blind           with --as-it-arrives: without listing the bucket
  --every N         only the first of every N deploys (1)
  --chart FILE      the table as a picture (SVG)

SCENARIO is part of a load's name; without it, all loads are simulated, which takes most of an hour (two outages of six hours).

  --pollers N       how many of them gather a batch each: 2 or 5 (both)
  --ledger on|off   whether the execution environments share a ledger (on)
  --field           the field's common designs as well
  --seed N          of the random numbers of a load (1)
  --site NAME       what changes: ${LAYOUT_NAMES.join(', ')} (sections)
  --help            this text`;

/** What each option says something about; elsewhere it would go unheard. */
const MEANT_FOR = {
  'as-it-arrives': ['planner'],
  blind: ['planner'],
  chart: ['planner'],
  every: ['planner'],
  pollers: ['planner', 'load'],
  ledger: ['load'],
  field: ['load'],
  seed: ['load'],
  site: ['load'],
} as const satisfies Record<string, readonly string[]>;

/** Lambda begins with five; it has had two in our measurements. */
const POLLERS = [2, 5];

async function main(): Promise<void> {
  const { positionals, values } = readOptions(process.argv.slice(2), {
    'as-it-arrives': { type: 'boolean' },
    blind: { type: 'boolean' },
    chart: { type: 'string' },
    every: { type: 'string' },
    pollers: { type: 'string' },
    ledger: { type: 'string' },
    field: { type: 'boolean' },
    seed: { type: 'string' },
    site: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return console.log(USAGE);
  const [command, directory, ...rest] = positionals;
  if (command !== 'planner' && command !== 'speed' && command !== 'load' && command !== 'verify')
    throw new Error(
      `What to measure must be "planner", "speed", "verify" or "load", but it is ${command ? `"${command}"` : 'not said'}.`,
    );
  const tooMuch = command === 'speed' || command === 'verify' ? directory : rest[0];
  if (tooMuch !== undefined) throw new Error(`There is one word too many: "${tooMuch}".`);
  for (const [option, commands] of Object.entries(MEANT_FOR)) {
    if (Object.hasOwn(values, option) && !(commands as readonly string[]).includes(command))
      throw new Error(
        `--${option} must be left out of "${command}": it is an option of ${commands.map((each) => `"${each}"`).join(' and ')}.`,
      );
  }
  for (const option of ['blind', 'pollers'] as const) {
    if (command === 'planner' && values[option] !== undefined && !values['as-it-arrives'])
      throw new Error(`--${option} must come with --as-it-arrives, but it comes alone.`);
  }
  if (values.pollers !== undefined && !POLLERS.map(String).includes(values.pollers))
    throw new Error(`--pollers must be ${POLLERS.join(' or ')}, but it is "${values.pollers}".`);
  const pollers = values.pollers === undefined ? POLLERS : [Number(values.pollers)];
  if (command === 'speed') return measureSpeed();
  if (command === 'verify') {
    if (!(await measureVerify(console.log))) process.exitCode = 1;
    return;
  }
  if (command === 'load') {
    const { site = 'sections', ledger = 'on', field = false } = values;
    const layout = LAYOUT_NAMES.find((name) => name === site);
    if (!layout) throw new Error(`--site must be one of ${LAYOUT_NAMES.join(', ')}, but it is "${site}".`);
    if (ledger !== 'on' && ledger !== 'off') throw new Error(`--ledger must be on or off, but it is "${ledger}".`);
    const options = { seed: wholeNumber('seed', values.seed, 0), layout, pollers, ledger: ledger === 'on', field };
    if (!(await measureLoad(directory ?? '', options, console.log))) process.exitCode = 1;
    return;
  }
  const every = wholeNumber('every', values.every, 1);
  if (values.chart !== undefined) checkOutFile(values.chart, '--chart');
  const sites = () =>
    directory === undefined
      ? [{ name: 'made up', deploys: everyNth(syntheticDeploys(), every) }]
      : tracesIn(directory, every);
  if (!values['as-it-arrives']) {
    const comparison = await comparePlanners(sites());
    print(sites().length, comparison);
    if (values.chart !== undefined)
      writeOutFile(values.chart, '--chart', chartOf(comparison.scores, comparison.optimum));
    return;
  }
  for (const count of pollers) {
    const comparison = await compareArrivals(sites(), { pollers: count, blind: values.blind ?? false });
    console.log(`${count} pollers:`);
    print(sites().length, comparison);
    if (values.chart !== undefined)
      writeOutFile(values.chart, '--chart', chartOf(comparison.scores, comparison.optimum));
  }
}

function print(sites: number, { scores, optimum }: { scores: readonly Score[]; optimum: Score }): void {
  console.log(`${count(sites, 'site')}, ${count(optimum.deploys, 'deploy')}\n`);
  console.log(`${tableOf(scores, optimum)}\n\n${LEGEND}\n\n${meaningsOf(scores)}\n`);
}

/** @default 1 */
function wholeNumber(option: string, text = '1', least: number): number {
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`--${option} must be a whole number${least > 0 ? ` from ${least} on` : ''}, but it is "${text}".`);
}

function tracesIn(directory: string, every: number): Site[] {
  const files = namesIn(directory).filter((file) => file.endsWith('.jsonl.gz'));
  if (files.length === 0) throw new Error(`DIR must hold traces (*.jsonl.gz), but ${directory} holds none.`);
  return files.sort().map((file) => ({
    name: basename(file, '.jsonl.gz'),
    deploys: everyNth(deploysOf(join(directory, file)), every),
  }));
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
  console.error(`${error instanceof Error ? error.message : error} npm run bench -- --help lists the options.`);
  process.exitCode = 2;
});
