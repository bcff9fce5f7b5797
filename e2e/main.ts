import { readArguments, USAGE } from './arguments';
import { findAccount } from './aws/account';
import { chooseDeployment } from './choose-deployment';
import { experimentsOf } from './experiments/all';
import { pathBudget } from './path-budget';
import { run } from './run';
import { allKept, tableOf } from './table';
import { AWS_WAITS, LOCAL_WAITS } from './waits';

const MINUTE = 60_000;

/** Of the fifteen minutes, six are left for the last experiment and the removal. */
const LAST_START = 9 * MINUTE;

const WINDOWS_TAKE = 10 * MINUTE;

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const read = readArguments(args);
  if (read.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const deployment = await chooseDeployment(read, findAccount, console.error);
  if (!deployment) return 2;

  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      console.error(`${signal}: everything is removed first.`);
      stopping.abort();
    });
  }
  const budget = pathBudget(read.maxPaths);
  const { findings, failures } = await run({
    deployment,
    experiments: experimentsOf(read),
    waits: read.isLocal ? LOCAL_WAITS : AWS_WAITS,
    budget,
    lastStart: LAST_START + (read.withWindows ? WINDOWS_TAKE : 0),
    signal: stopping.signal,
    onProgress: (sentence) => console.error(sentence),
  });
  if (findings.length > 0) process.stdout.write(`\n${tableOf({ name: deployment.name, date: new Date() }, findings)}`);
  for (const failure of failures) console.error(failure);
  return failures.length === 0 && allKept(findings) ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`${error instanceof Error ? error.message : error} Nothing is deployed.`);
    process.exitCode = 2;
  },
);
