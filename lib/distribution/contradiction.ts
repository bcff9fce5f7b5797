import { OptionError } from '../options/option-error';

/** An option that says otherwise than the distribution does. */
export interface Contradiction {
  /** Such as `origins[0].originPath`. */
  readonly option: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
}

export function error(option: string, rule: string, value: unknown): Contradiction {
  return { option, level: 'error', message: new OptionError(option, rule, value).message };
}

export function warning(option: string, message: string): Contradiction {
  return { option, level: 'warning', message };
}

/** Each once, as messages name them. */
export function listed(all: readonly string[]): string {
  return [...new Set(all)].join(', ');
}
