import { noPositionals } from '../cli/option-values';
import { readOptions } from '../cli/options';

/** $1. */
export const DEFAULT_PATHS = 200;

/** Nobody types this by mistake, and it is $50. */
const MOST_PATHS = 10_000;

export const USAGE = `usage: npm run e2e -- [options]

Deploys the complete site in a stack of its own, CloudFrontInvalidatorE2e, in the account and region of your credentials,
measures there what AWS does not document, checks what this project promises, prints a table, and removes everything.

  --yes              you have read what it costs, and want it
  --max-paths COUNT  the most paths that it has invalidated (${DEFAULT_PATHS}); more measures larger requests
  --windows          also deploys batching windows of 0, 1, 5 and 20 s: up to ten minutes more
  --local            against the servers of this project on this machine: no account, no costs, nothing learned of AWS
  --help             this text

Exit codes: 0, every promise is kept; 1, one is not, or something failed; 2, nothing was deployed.
`;

export interface Arguments {
  readonly yes: boolean;
  readonly maxPaths: number;
  readonly withWindows: boolean;
  readonly isLocal: boolean;
  readonly help: boolean;
}

/** @throws an Error that says in a sentence what is wrong */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = readOptions(args, {
    yes: { type: 'boolean', default: false },
    'max-paths': { type: 'string', default: `${DEFAULT_PATHS}` },
    windows: { type: 'boolean', default: false },
    local: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  noPositionals(positionals);
  const { yes, 'max-paths': maxPaths, windows, local, help } = values;
  if (!/^\d+$/.test(maxPaths) || Number(maxPaths) > MOST_PATHS)
    throw new Error(`--max-paths must be a whole number up to ${MOST_PATHS}, but it is "${maxPaths}".`);
  return { yes, maxPaths: Number(maxPaths), withWindows: windows, isLocal: local, help };
}
