/** What a rule requires of an event: per field a list of what it may be, or a pattern of the fields within. */
export interface EventPattern {
  readonly [field: string]: EventPattern | readonly Filter[];
}

type Filter = string | { readonly prefix: string };

/**
 * Whether an event matches a pattern, as far as the stack's rules go: whole values and prefixes
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
 *
 * @throws an Error that names the operator that the local run does not know
 */
export function matches(event: unknown, pattern: EventPattern): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    const value = (event as Record<string, unknown> | undefined)?.[field];
    return isFilters(expected) ? expected.some((filter) => passes(value, filter)) : matches(value, expected);
  });
}

function isFilters(expected: EventPattern | readonly Filter[]): expected is readonly Filter[] {
  return Array.isArray(expected);
}

function passes(value: unknown, filter: Filter): boolean {
  if (typeof filter === 'string') return value === filter;
  const { prefix, ...unknown } = filter;
  if (typeof prefix !== 'string' || Object.keys(unknown).length > 0) {
    throw new Error(`The local run does not know the event pattern ${JSON.stringify(filter)}.`);
  }
  return typeof value === 'string' && value.startsWith(prefix);
}
