import picomatch from 'picomatch';

/**
 * Tells whether names are excluded by globs, read as those of a `.gitignore`: in order, the last one that matches decides, and one that
 * begins with `!` takes names back in. See https://git-scm.com/docs/gitignore.
 */
export function excludedBy(globs: readonly string[]): (name: string) => boolean {
  const rules = globs.map((glob) => ({
    excludes: !glob.startsWith('!'),
    matches: picomatch(glob.replace(/^!/, ''), { dot: true, nonegate: true }),
  }));
  return (name) => rules.findLast(({ matches }) => matches(name))?.excludes ?? false;
}
