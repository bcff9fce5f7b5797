import { excerpt, isRecord } from './untrusted';

/** An invalidation that CloudFront accepted, as the events tell of it: `docs/invalidation-events.schema.json`. */
export interface AcceptedInvalidation {
  /** Id of the distribution. */
  readonly distribution: string;
  /** Id of the tenant. Absent: the distribution itself was invalidated. */
  readonly tenant?: string;
  readonly invalidationId: string;
  readonly callerReference: string;
  /** As CloudFront took them, cache tags with a `#` in front: as many as are within the bound. */
  readonly paths: readonly string[];
  /** Of all paths. */
  readonly pathCount: number;
  /** The changed keys that it was made for: as many as are within the bound. */
  readonly keys: readonly string[];
  /** Of all keys. */
  readonly keyCount: number;
  /** When the first of its changes happened, in ISO 8601. */
  readonly oldestChange: string;
  /** When the function had CloudFront's answer, in ISO 8601. */
  readonly accepted: string;
}

const TEXTS = ['distribution', 'invalidationId', 'callerReference'] as const;
const LISTS = ['paths', 'keys'] as const;
const COUNTS = ['pathCount', 'keyCount'] as const;
const TIMES = ['oldestChange', 'accepted'] as const;

/**
 * Reads what stands in the `completion` of a message, which the function sends to itself.
 *
 * @returns why it cannot be followed, as a rule that it breaks
 */
export function parseCompletion(value: unknown): AcceptedInvalidation | string {
  if (!isRecord(value)) return `completion must be an object, but it is ${excerpt(value)}`;
  const rules: readonly [names: readonly string[], isRight: (each: unknown) => boolean, rule: string][] = [
    [TEXTS, (each) => typeof each === 'string' && each !== '', 'text that is not empty'],
    [LISTS, (each) => Array.isArray(each) && each.every((item) => typeof item === 'string'), 'a list of texts'],
    [['tenant'], (each) => each === undefined || (typeof each === 'string' && each !== ''), 'text that is not empty'],
    [COUNTS, (each) => Number.isSafeInteger(each) && Number(each) >= 0, 'a whole number'],
    [TIMES, isTime, 'a time such as 2026-01-31T12:00:00.000Z'],
  ];
  for (const [names, isRight, rule] of rules) {
    const wrong = names.find((name) => !isRight(value[name]));
    if (wrong !== undefined) return `completion.${wrong} must be ${rule}, but it is ${excerpt(value[wrong])}`;
  }
  const isGiven = (name: string) => value[name] !== undefined;
  const names = [...TEXTS, 'tenant', ...LISTS, ...COUNTS, ...TIMES].filter(isGiven);
  return Object.fromEntries(names.map((name) => [name, value[name]])) as unknown as AcceptedInvalidation;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && !!Date.parse(value);
}
