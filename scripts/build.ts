import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { BUNDLE } from '../lib/invalidator-function';
import { bin, jsii } from '../package.json';
import { COMMAND } from './command-bundle';
import { withFunctionBundle } from './function-bundle';
import { ASSEMBLY, withCompiledConstruct } from './jsii';
import { packagesIn, packagesOf } from './licences';
import { NOTICES, notices } from './notices';

const PROJECT = join(__dirname, '..');
const DIST = join(PROJECT, 'dist');

/**
 * Makes the package: the construct as JavaScript with its types and its jsii assembly, the function's bundle, the command, and
 * the notices of what is in these two.
 */
function build(): void {
  // Apps may link the packages of other languages, which npm run languages makes.
  const old = existsSync(DIST) ? readdirSync(DIST).filter((name) => name !== basename(jsii.outdir)) : [];
  for (const name of old) rmSync(join(DIST, name), { recursive: true });
  withCompiledConstruct((folder) => {
    cpSync(join(folder, 'dist'), DIST, { recursive: true });
    cpSync(join(folder, ASSEMBLY), join(PROJECT, ASSEMBLY));
  });
  const outfile = join(PROJECT, bin['cloudfront-invalidator']);
  const { metafile } = buildSync({ ...COMMAND, outfile, metafile: true, absWorkingDir: PROJECT });
  withFunctionBundle((folder) => cpSync(folder, join(DIST, BUNDLE), { recursive: true }));
  // Beside the function's folder and not in it: in there it would change what is deployed.
  const bundled = [packagesIn(join(PROJECT, 'lambda/index.ts')), packagesOf(metafile)];
  writeFileSync(join(DIST, NOTICES), notices(bundled.flat()));
}

build();
