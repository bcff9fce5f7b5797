import { INDEX_DOCUMENT, ORIGINS, type Origin } from './environment';

/** What the stack tells the function. */
export interface Configuration {
  readonly origins: readonly Origin[];
  /** Empty: folders have none. */
  readonly indexDocument: string;
}

/**
 * Reads the function's environment.
 *
 * @throws Error naming the variable, the rule and the value, so that a function deployed wrongly says so in its first
 * log line; the messages stay in the queue
 */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const text = environment[ORIGINS];
  const origins = parseOrigins(text);
  if (!origins) {
    throw new Error(
      `${ORIGINS} must be a JSON array of {"bucket", "distribution", "path"}, at least one, but it is ${text ?? 'missing'}`,
    );
  }
  return { origins, indexDocument: environment[INDEX_DOCUMENT] ?? '' };
}

function parseOrigins(text: string | undefined): Origin[] | undefined {
  try {
    const origins: unknown = JSON.parse(text ?? '');
    return Array.isArray(origins) && origins.length > 0 && origins.every(isOrigin) ? origins : undefined;
  } catch {
    return undefined;
  }
}

function isOrigin(value: Partial<Origin> | null): value is Origin {
  return typeof value?.bucket === 'string' && typeof value.distribution === 'string' && typeof value.path === 'string';
}
