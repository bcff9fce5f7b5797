import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PROJECT = join(__dirname, '..');
const MODULES = join(PROJECT, 'node_modules');

/** The construct's API as jsii describes it to other languages. jsii looks for it beside `package.json`. */
export const ASSEMBLY = '.jsii';

const SOURCES = ['lib', 'lambda/contract', 'tsconfig.json', 'tsconfig.build.json', 'LICENSE'];

/** The oldest versions of the peers that the package takes, under the names that they are installed by. */
const OLDEST = { 'aws-cdk-lib': 'oldest-aws-cdk-lib', constructs: 'oldest-constructs' };

/** What the compiler finds in `node_modules`, and which of ours that is. */
const LINKS = { ...OLDEST, '@types': '@types', 'undici-types': 'undici-types' };

/**
 * Compiles the construct to JavaScript with types, in a folder `dist`, and to an {@link ASSEMBLY}. It compiles against the
 * oldest peers, so that nothing newer gets into the API.
 *
 * @param use takes the folder of both, which is gone afterwards
 * @throws an Error with what jsii reports: warnings are errors
 */
export function withCompiledConstruct<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'jsii-'));
  try {
    for (const each of SOURCES) cpSync(join(PROJECT, each), join(folder, each), { recursive: true });
    for (const [name, target] of Object.entries(LINKS)) {
      const link = join(folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(MODULES, target), link);
    }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest()));
    writeFileSync(join(folder, 'README.md'), languageReadme());
    runJsii('jsii', ['--fail-on-warnings'], folder);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is published, but that it is developed with the oldest peers. */
function manifest(): object {
  const text = readFileSync(join(PROJECT, 'package.json'), 'utf8');
  const versions = Object.entries(OLDEST).map(([name, target]) => {
    const { version } = JSON.parse(readFileSync(join(MODULES, target, 'package.json'), 'utf8'));
    return [name, version];
  });
  return { ...JSON.parse(text), devDependencies: Object.fromEntries(versions) };
}

/**
 * What the packages of other languages show first: how the README begins, and its stack, which jsii translates. The README itself has
 * pictures, and commands for a clone.
 */
function languageReadme(): string {
  const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
  const { homepage } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  const beginning = readme.slice(0, readme.indexOf('```')).trim();
  const stack = /^```ts\nimport .*?^```/ms.exec(readme)?.[0];
  if (!stack) throw new Error('The README has no stack in TypeScript.');
  const names = 'Descriptions use the names of TypeScript. In Python `maxBatchingWindow` is `max_batching_window`.';
  return `${beginning}\n\n${stack}\n\n${names}\n\n[Documentation](${homepage})\n`;
}

/** @throws an Error with what it prints, when it fails */
export function runJsii(command: 'jsii' | 'jsii-pacmak', options: readonly string[], folder: string): void {
  // On Lambda's Node, whichever the machine has.
  const node = join(MODULES, 'node/bin/node');
  const { status, stdout, stderr } = spawnSync(node, [join(MODULES, command, 'bin', command), ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}${stderr}`);
}
