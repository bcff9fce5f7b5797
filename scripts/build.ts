import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { BUNDLE } from '../lib/invalidator-function';
import { bin } from '../package.json';
import { COMMAND } from './command-bundle';
import { withFunctionBundle } from './function-bundle';

const PROJECT = join(__dirname, '..');
const DIST = join(PROJECT, 'dist');

/** Makes the package: the construct as JavaScript with its types, the function's bundle beside it, and the command. */
function build(): void {
  rmSync(DIST, { recursive: true, force: true });
  execFileSync('tsc', ['--project', 'tsconfig.build.json'], { cwd: PROJECT, stdio: 'inherit' });
  buildSync({ ...COMMAND, outfile: join(PROJECT, bin['cloudfront-invalidator']) });
  withFunctionBundle((folder) => cpSync(folder, join(DIST, BUNDLE), { recursive: true }));
}

build();
