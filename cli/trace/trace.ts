import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compareKeys } from '../../lambda/bucket/key-order';
import { count } from '../count';
import { readOptions } from '../options';
import { checkOutFile, writeOutFile } from '../out-file';

export const usage = `usage: cloudfront-invalidator trace REPO [REF] [--deploys N] [--folder PATH] [--out FILE]

Makes a trace from a git repository with the published files of a site. Each commit counts as a deploy.
In a clone of cloudfront-invalidator, \`npm run bench -- planner DIR\` prints what the deploys of the traces in DIR would cost.

  REPO             the folder of the repository
  REF              the branch or commit (default: HEAD)
  --deploys N      how many of the newest commits (default: 300)
  --folder PATH    the folder of the repository that is published (default: all of it)
  --out FILE       the trace; its folder is made, too (default: the name of REPO, and .jsonl.gz)
  --help           print this text

Example: cloudfront-invalidator trace ../my-site gh-pages --out traces/my-site.jsonl.gz

Exit codes: 0, there is a trace; 2, the command line is wrong, or git fails.
`;

interface Change {
  readonly added: string[];
  readonly modified: string[];
  readonly deleted: string[];
}

export function run(args: readonly string[]): number {
  const { positionals, values } = readOptions(args, {
    deploys: { type: 'string', default: '300' },
    folder: { type: 'string', default: '' },
    out: { type: 'string' },
  });
  const [repo, ref = 'HEAD', ...rest] = positionals;
  if (repo === undefined) throw new Error('REPO must be the folder of a git repository, but there is none.');
  if (rest.length > 0) throw new Error(`There may be REPO and REF, but there is also "${rest[0]}".`);
  if (!statSync(repo, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`REPO must be the folder of a git repository, but there is no folder ${repo}.`);
  const deploys = Number(values.deploys);
  if (!Number.isInteger(deploys) || deploys < 1)
    throw new Error(`--deploys must be a whole number from 1 on, but it is "${values.deploys}".`);
  const name = basename(resolve(repo));
  const out = checkOutFile(values.out ?? `${name}.jsonl.gz`, '--out');
  const git = (...args: string[]) => runGit(repo, args);
  const commits = git('rev-list', '--first-parent', `--max-count=${deploys + 1}`, '--end-of-options', ref, '--')
    .trim()
    .split('\n')
    .reverse();
  const [start, ...later] = commits;
  if (start === undefined || later.length === 0)
    throw new Error(`${ref} of ${repo} must have two commits at least, but it has ${count(commits.length, 'commit')}.`);
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
  if (lines.length === 1) {
    const recent = `the newest ${count(commits.length, 'commit')} of ${ref}`;
    const found = tree.size === 0 ? 'have no files' : 'change nothing';
    throw new Error(
      folder === ''
        ? `REF must have a commit that changes something, but ${recent} ${found}.`
        : `--folder must be a folder that changes, but ${recent} ${found} in "${values.folder}".`,
    );
  }
  writeOutFile(out, '--out', gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  console.log(`${out}: ${count(lines.length - 1, 'deploy')}, ${count(tree.size, 'object')} at the end`);
  return 0;
}

/** @throws an Error with what git says, in a line */
function runGit(repo: string, args: readonly string[]): string {
  try {
    return execFileSync('git', ['-C', repo, ...args], {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const [said] = /(?<=^(?:fatal|error): ).+/m.exec(stderr) ?? [error instanceof Error ? error.message : error];
    throw new Error(`${repo}: git ${args[0]} fails: ${said}.`);
  }
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
