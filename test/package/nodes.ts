import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * The Nodes to try the package on, by major version: this one and, where it is another, the machine's own.
 * `PACKAGE_NODES="20 22 24"` has npm fetch others.
 */
export function nodes(): [string, string][] {
  const asked = process.env.PACKAGE_NODES?.split(' ').map((version) =>
    execFileSync('npx', ['--yes', `node@${version}`, '-p', 'process.execPath'], { encoding: 'utf8', cwd: tmpdir() }),
  );
  const found = [process.execPath, ...(asked ?? foldersOfPath().map((folder) => join(folder, 'node')))];
  const byVersion = new Map<string, string>();
  for (const node of found.map((path) => path.trim())) {
    const version = majorVersion(node);
    if (version !== undefined && !byVersion.has(version)) byVersion.set(version, node);
  }
  return [...byVersion];
}

/** Without what npm puts there. */
function foldersOfPath(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
}

function majorVersion(node: string): string | undefined {
  try {
    return execFileSync(node, ['-p', "process.versions.node.split('.')[0]"], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return undefined;
  }
}
