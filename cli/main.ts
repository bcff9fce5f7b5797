import { version } from '../package.json';
import type { Command } from './command';
import { didYouMean } from './did-you-mean';
import { CallFailure } from './failure';
import { printable } from './printable';

const PROGRAM = 'cloudfront-invalidator';

/** Each is loaded when it is used: the SDK is most of the bundle, and half of them do not need it. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  plan: {
    summary: 'print the paths that invalidate changed keys, and their cost',
    load: () => import('./plan/plan.ts'),
  },
  doctor: {
    summary: 'print what the invalidator knows of a distribution, and what would go stale',
    load: () => import('./doctor/doctor.ts'),
  },
  verify: {
    summary: 'check that everything that changed in a bucket is invalidated',
    load: () => import('./verify/verify.ts'),
  },
  request: {
    summary: 'ask a deployed invalidator to invalidate paths or cache tags',
    load: () => import('./request/request.ts'),
  },
  trace: {
    summary: 'make a trace for the bench from the deploys of a git repository',
    load: () => import('./trace/trace.ts'),
  },
};

const NAMES = Object.keys(COMMANDS);

const USAGE = `usage: ${PROGRAM} COMMAND [options]

${NAMES.map((name) => `  ${name.padEnd(9)} ${COMMANDS[name]?.summary}`).join('\n')}

  ${PROGRAM} COMMAND --help   print its options, examples and exit codes
  ${PROGRAM} --version        print the version

Example: ${PROGRAM} verify --bucket site-bucket --distribution E123EXAMPLE --since 10m --wait 5m

Exit codes: 0, all is well; 1, a check has failed; 2, the command line is wrong, or AWS cannot be read.
`;

/** @returns the exit code */
async function main([name = '', ...args]: readonly string[]): Promise<number> {
  if (['--help', '-h', 'help'].includes(name)) return print(USAGE);
  if (name === '--version') return print(`${version}\n`);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const known = [...NAMES, '--help', '--version'];
    const fault = name === '' ? 'There is no command.' : `There is no command "${name}".${didYouMean(name, known)}`;
    console.error(`${fault} ${PROGRAM} --help lists the commands.`);
    return 2;
  }
  const { usage, run } = await command.load();
  if (args.some((arg) => arg === '--help' || arg === '-h')) return print(usage);
  try {
    return await run(args);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const sentence = message.replace(/(?<![.?])$/, '.');
    const hint = error instanceof CallFailure ? '' : ` ${PROGRAM} ${name} --help lists the options.`;
    console.error(printable(sentence + hint));
    return 2;
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

// Nobody reads on: `… | head`.
process.stdout.on('error', () => process.exit());

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
