/** Names of options, as people misspell them: `originpath`, `batching-window`, `queryString`. */

/** The name that was meant, if one is no more than so many letters away. */
export function nearest(name: string, names: readonly string[], letters: number): string | undefined {
  const away = (each: string) => distance(lettersOf(name), lettersOf(each));
  const [best] = [...names].sort((a, b) => away(a) - away(b));
  return best !== undefined && away(best) <= letters ? best : undefined;
}

/** The rule that a name breaks which is none of them. */
export function unknownName(meant: string | undefined, names: readonly string[]): string {
  const hint = meant ? `did you mean ${meant}?` : `the options are ${names.join(', ')}`;
  return `must be left out, because there is no such option (${hint})`;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Levenshtein's: how many letters are put in, left out or replaced. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [done, letter] of [...a].entries()) {
    const next: number[] = [];
    for (const [at, above] of row.entries()) {
      const across = Number(row[at - 1]) + (letter === b[at - 1] ? 0 : 1);
      next.push(at === 0 ? done + 1 : Math.min(Number(next[at - 1]) + 1, above + 1, across));
    }
    row = next;
  }
  return Number(row.at(-1));
}
