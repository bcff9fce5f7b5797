import { resolve } from 'node:path';
import { noPositionals } from '../cli/option-values';
import { readOptions } from '../cli/options';
import { checkOutFile } from '../cli/out-file';

export const USAGE = `usage: npm run screenshot [-- --out FILE]

Makes a picture of the page of a local run, which shows two deploys of a made-up shop. It needs Chromium, but no AWS account.

  --out FILE   the picture (default: docs/page.png, with its caption in docs/tour.md)
  --help       this text

Exit codes: 0, the picture is made; 1, it cannot be made; 2, the command line is wrong.
`;

/** What the command line asks for. */
export type Asked =
  | { readonly kind: 'help' }
  /** The file of the picture. Undefined: that of the docs, with its caption. */
  | { readonly kind: 'screenshot'; readonly out: string | undefined };

/**
 * @param folder what paths are relative to
 * @throws an Error that says in a sentence what is wrong
 */
export function readArguments(args: readonly string[], folder: string): Asked {
  const { values, positionals } = readOptions(args, { out: { type: 'string' }, help: { type: 'boolean' } });
  if (values.help) return { kind: 'help' };
  noPositionals(positionals);
  return { kind: 'screenshot', out: values.out && checkOutFile(resolve(folder, values.out), '--out') };
}
