import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { compareKeys } from '../lambda/key-order';

const USAGE = `usage: npm run trace -- REPO [REF] [--deploys N] [--folder PATH] [--out FILE]

Makes a trace for \`npm run bench -- planner DIR\` from a git repository that holds what a site publishes: a commit is a deploy.

  --deploys N      the newest commits (300)
  --folder PATH    the folder of the repository that is published
  --out FILE       (NAME.jsonl.gz)`;

interface Change {
  readonly added: string[];
  readonly modified: string[];
  readonly deleted: string[];
}

function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      deploys: { type: 'string', default: '300' },
      folder: { type: 'string', default: '' },
      out: { type: 'string' },
    },
  });
  const [repo, ref = 'HEAD', ...rest] = positionals;
  if (repo === undefined || rest.length > 0) throw new Error(USAGE);
  const deploys = Number(values.deploys);
  if (!Number.isInteger(deploys) || deploys < 1) throw new Error('--deploys must be a whole number from 1 on');
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repo, ...args], {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const commits = git('rev-list', '--first-parent', `--max-count=${deploys + 1}`, '--end-of-options', ref, '--')
    .trim()
    .split('\n')
    .reverse();
  const [start, ...later] = commits;
  if (start === undefined || later.length === 0) throw new Error(`${ref} of ${repo} has fewer than two commits`);
  const folder = values.folder.replace(/\/?$/, values.folder === '' ? '' : '/');
  const inFolder = (names: readonly string[]) =>
    names
      .filter((name) => name.startsWith(folder))
      .map((name) => name.slice(folder.length))
      .sort(compareKeys);

  const tree = new Set(
    inFolder(
      git('ls-tree', '-r', '-z', '--name-only', start)
        .split('\0')
        .filter((name) => name !== ''),
    ),
  );
  const name = basename(resolve(repo));
  const lines: object[] = [
    { repo: name, branch: ref, head: commits.at(-1), kind: 'git', subdir: values.folder, initialTree: [...tree] },
  ];
  let before = start;
  for (const sha of later) {
    const change = changeOf(git('diff-tree', '-r', '-z', '--no-renames', '--name-status', before, sha), inFolder);
    before = sha;
    if (change.added.length + change.modified.length + change.deleted.length === 0) continue;
    for (const key of change.added) tree.add(key);
    for (const key of change.deleted) tree.delete(key);
    const time = Number(git('show', '-s', '--format=%ct', sha));
    lines.push({ sha, time, size: tree.size, ...change });
  }
  const out = values.out ?? `${name}.jsonl.gz`;
  writeFileSync(out, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  console.log(`${out}: ${lines.length - 1} deploys, ${tree.size} objects at the end`);
}

/** The output of `git diff-tree -z --name-status`: a status and a name in turn. */
function changeOf(output: string, inFolder: (names: readonly string[]) => string[]): Change {
  const fields = output.split('\0');
  const named = (status: RegExp) => {
    const names: string[] = [];
    for (let at = 0; at + 1 < fields.length; at += 2) {
      if (status.test(fields[at] as string)) names.push(fields[at + 1] as string);
    }
    return inFolder(names);
  };
  return { added: named(/^A/), modified: named(/^[MT]/), deleted: named(/^D/) };
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
