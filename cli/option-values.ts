import { indexDocumentFault, originPathFault } from '../lambda/contract/option-rules';

/** The forms of options that several commands have. Each throws an Error that names the option, the rule and the value. */

export function needed(value: string | undefined, option: string): string {
  if (value) return value;
  throw new Error(`${option} is missing.`);
}

/** There is nothing but options. */
export function noPositionals([word]: readonly string[]): void {
  if (word !== undefined) throw new Error(`There is "${word}", which belongs to no option.`);
}

export function checked(value: string, option: string, faultOf: (value: string) => string | undefined): string {
  const fault = faultOf(value);
  if (fault === undefined) return value;
  throw new Error(`${option} ${fault}, but it is ${JSON.stringify(value)}.`);
}

export function readOriginPath(value: string, option = '--origin-path'): string {
  return checked(value, option, originPathFault);
}

/** @returns empty for `none` */
export function readIndexDocument(value: string): string {
  const document = checked(value, '--index-document', indexDocumentFault);
  return document === 'none' ? '' : document;
}

export function readBoolean(value: string, option: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error(`${option} must be true or false, but it is "${value}".`);
}

export function readUrl(value: string, option: string): string {
  const hasProtocol = /^https?:\/\/./.test(value);
  if (URL.canParse(value) && hasProtocol) return value;
  if (hasProtocol) throw new Error(`${option} must be a URL with a valid host and port, but it is "${value}".`);
  throw new Error(`${option} must be a URL that begins with http:// or https://, but it is "${value}".`);
}
