import { WATCHED } from './target';

export const STACK_NAME = 'CloudFrontInvalidatorE2e';

/** What `-c name=value` says: the complete site, of which only {@link WATCHED} is watched. Alarms would cost something. */
export const OPTIONS: Readonly<Record<string, string>> = { prefix: WATCHED, monitoring: 'false' };
