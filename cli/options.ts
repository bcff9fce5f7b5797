import { type ParseArgsConfig, parseArgs } from 'node:util';
import { didYouMean } from './did-you-mean';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>>;

/**
 * Reads a command line as `parseArgs` does.
 *
 * @throws an Error that says in a sentence which option is wrong, and why
 */
export function readOptions<T extends Options>(args: readonly string[], options: T): Parsed<T> {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) {
      const known = Object.keys(options).map((each) => `--${each}`);
      throw new Error(`Unknown option ${rawName}.${didYouMean(rawName, known)}`);
    }
    if (option.type === 'boolean' && value !== undefined)
      throw new Error(`${rawName} takes no value, but it has "${value}".`);
    if (option.type === 'string' && (value === undefined || value === '' || (!inlineValue && isOption(value))))
      throw new Error(`${rawName} needs a value: ${rawName}=VALUE.`);
  }
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

/** A `-` alone is the usual name of standard input. */
function isOption(value: string): boolean {
  return value.startsWith('-') && value !== '-';
}
