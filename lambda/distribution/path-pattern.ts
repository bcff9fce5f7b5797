/** CloudFront's path patterns: `*` is any characters, slashes too, `?` is one character, all others are themselves. */

/** Whether a path matches a pattern. Paths may come from strangers: it takes at most the product of both lengths. */
export function matchesPattern(path: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  /** After the last `*`, and how far what it stands for is tried. */
  let afterStar = -1;
  let tried = 0;
  while (at < path.length) {
    if (pattern[next] === '*') {
      afterStar = ++next;
      tried = at;
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === path[at])) {
      next++;
      at++;
    } else if (afterStar >= 0) {
      next = afterStar;
      at = ++tried;
    } else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}

/**
 * Tells whether some path that begins with a prefix matches a pattern and none of those before it, so that CloudFront serves it by
 * the behavior of that pattern.
 *
 * Searched breadth first, by how far the paths read so far match each pattern. Patterns that are too entangled to tell are said
 * to be reached: that costs paths, where the contrary could cost the cache of somebody else.
 */
export function reachability(pattern: string, before: readonly string[]): (prefix: string) => boolean {
  /** By how far a prefix matches the patterns: most prefixes match them alike. */
  const known = new Map<string, boolean>();
  return (prefix) => {
    const others = before.filter((each) => mayMatch(prefix, each));
    if (!mayMatch(prefix, pattern)) return false;
    const patterns = [pattern, ...others];
    const start = [...prefix].reduce((matches, each) => readAll(patterns, matches, each), patterns.map(startOf));
    const key = keyOf(patterns, start);
    const isReached = known.get(key) ?? search(patterns, start);
    known.set(key, isReached);
    return isReached;
  };
}

/** Whether the first pattern, and none of the others, is matched by some text that goes on from where they are matched. */
function search(patterns: readonly string[], start: readonly Match[]): boolean {
  const alphabet = [...new Set([...patterns.join('').replaceAll(/[*?]/g, ''), OTHER])];
  const seen = new Set<string>();
  const open = [start];
  for (let matches = open.shift(); matches; matches = open.shift()) {
    const [own = [], ...others] = matches;
    const key = matches.join(' ');
    const areTaken = others.some((each, index) => takesAll(patterns[index + 1] ?? '', each));
    if (own.length === 0 || areTaken || seen.has(key)) continue;
    const isMatch = (each: Match, index: number) => each.includes(patterns[index]?.length ?? -1);
    if (isMatch(own, 0) && !others.some((each, index) => isMatch(each, index + 1))) return true;
    if (seen.add(key).size * alphabet.length * patterns.length > MOST_READS) return true;
    for (const character of alphabet) open.push(readAll(patterns, matches, character));
  }
  return false;
}

function keyOf(patterns: readonly string[], matches: readonly Match[]): string {
  return patterns.map((pattern, index) => `${pattern} ${matches[index]}`).join('\n');
}

/** The text in front of the first wildcard of a pattern. */
export function headOf(pattern: string): string {
  return pattern.replace(/[*?].*$/s, '');
}

/** Whether what a pattern begins with allows for a prefix. */
function mayMatch(prefix: string, pattern: string): boolean {
  return haveCommonStart(prefix, headOf(pattern));
}

/** Whether some text begins with both of two prefixes. */
export function haveCommonStart(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** A character that stands for all that no pattern names. */
const OTHER = '\0';

/** So many steps of a pattern tell nearly all real patterns apart, within milliseconds. */
const MOST_READS = 5_000;

/** How much of a pattern a text may have matched: indices in the pattern. Empty: the text cannot match any more. */
type Match = readonly number[];

function startOf(pattern: string): Match {
  return sinceLastStar(pattern, [0]);
}

function readAll(patterns: readonly string[], matches: readonly Match[], character: string): Match[] {
  return matches.map((match, index) => read(patterns[index] ?? '', match, character));
}

function read(pattern: string, match: Match, character: string): Match {
  const next = match.flatMap((at) => {
    if (pattern[at] === '*') return [at];
    return pattern[at] === character || pattern[at] === '?' ? [at + 1] : [];
  });
  return sinceLastStar(pattern, next);
}

/** Adds what a star that stands for nothing leads to, and leaves out what is before the last star reached: it takes all of that, too. */
function sinceLastStar(pattern: string, match: Match): Match {
  const reached = new Set(match);
  for (const at of reached) if (pattern[at] === '*') reached.add(at + 1);
  const last = Math.max(-1, ...[...reached].filter((at) => pattern[at] === '*'));
  return [...reached].filter((at) => at >= last).sort((a, b) => a - b);
}

/** Whether a pattern ends in a star that was reached: whatever follows, it matches. */
function takesAll(pattern: string, match: Match): boolean {
  return pattern.endsWith('*') && match.includes(pattern.length - 1);
}
