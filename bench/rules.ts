/** How other tools turn changed viewer paths into the paths to invalidate. The sources are in their repositories. */
export type Rule = (paths: readonly string[]) => string[];

/** Most of the field: S3 → Lambda in 20 to 60 lines. */
export const exact: Rule = (paths) => [...new Set(paths)];

/** CDK's BucketDeployment, SST, Hugo deploy. */
export const everything: Rule = (paths) => (paths.length === 0 ? [] : ['/*']);

/** C3 Cloudfront, wp2static. */
export const over100: Rule = (paths) => (paths.length > 100 ? ['/*'] : exact(paths));

/**
 * Thresholds like those of 63Klabs/atlantis-starter-03: a folder with 3 changed objects goes as a whole, and one with
 * 10 changed folders right under it too.
 */
export const thresholds: Rule = (paths) => {
  const inFolder = Map.groupBy(new Set(paths), folderOf);
  const foldersIn = Map.groupBy(
    [...inFolder.keys()].filter((folder) => folder !== '/'),
    (folder) => folderOf(folder.slice(0, -1)),
  );
  const whole = new Set([
    ...[...inFolder].filter(([, inside]) => inside.length >= 3).map(([folder]) => folder),
    ...[...foldersIn].filter(([, inside]) => inside.length >= 10).map(([folder]) => folder),
  ]);
  const isInWhole = (path: string): boolean => {
    for (let folder = folderOf(path); ; folder = folderOf(folder.slice(0, -1))) {
      if (whole.has(folder)) return true;
      if (folder === '/') return false;
    }
  };
  const wildcards = [...whole].filter((folder) => folder === '/' || !isInWhole(folder.slice(0, -1)));
  return [...exact(paths).filter((path) => !isInWhole(path)), ...wildcards.map((folder) => `${folder}*`)];
};

/** bep/s3deploy: level by level, the deepest first, everything goes to its grandparent until 8 paths are left, else `/*`. */
export const budgetOf8: Rule = (paths) => {
  let left = exact(paths);
  for (let level = Math.max(...left.map(levelOf)); left.length > 8 && level > 0; level--) {
    left = [...new Set(left.map((path) => (levelOf(path) > level ? widened(path) : path)))];
  }
  return left.length > 8 || left.includes('/*') ? ['/*'] : left;
};

function widened(path: string): string {
  const folders = path.split('/').slice(1, -1);
  const kept = folders.length > 1 ? folders.slice(0, -1) : folders;
  return `${['', ...kept].join('/')}/*`;
}

function levelOf(path: string): number {
  return path.split('/').length - 1;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
