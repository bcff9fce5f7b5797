/** A line of the function's log: JSON, as Powertools' logger writes it, or whatever else the process says. */
export interface LogLine {
  readonly text: string;
  /** None for a line that is not a JSON object. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Reads a line of a log; every line is one. */
export function readLogLine(text: string): LogLine {
  try {
    const parsed: unknown = JSON.parse(text);
    return { text, fields: typeof parsed === 'object' && parsed !== null ? { ...parsed } : {} };
  } catch {
    return { text, fields: {} };
  }
}

/** Whether a line is none for readers: CloudWatch makes metrics of it. */
export function isMetrics(fields: LogLine['fields']): boolean {
  return '_aws' in fields;
}
