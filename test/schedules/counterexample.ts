/** A schedule, as short as any, that breaks an invariant. */
export interface Counterexample {
  readonly broken: string;
  readonly events: readonly string[];
}

/** The schedule as a numbered list, and what it leads to. */
export function readable({ broken, events }: Counterexample): string {
  const lines = events.map((event, index) => `${String(index + 1).padStart(3)}. ${event}`);
  return [...lines, `  => ${broken}`].join('\n');
}
