/** What the parsers of messages share: nobody knows what a message holds. */

export type JsonObject = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a log line can hold it. Never throws. */
export function excerpt(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = asJson(value);
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}

/** What JSON.parse reads at any depth, JSON.stringify does not always write. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return '(a value that nests too deep to be shown)';
  }
}
