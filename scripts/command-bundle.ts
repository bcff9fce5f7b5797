import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** How the published command is bundled: one file, that needs nothing but Node. */
export const COMMAND: BuildOptions = {
  entryPoints: [join(__dirname, '../cli/main.ts')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // The oldest Node that the package is for.
  target: 'node20',
  // ES modules of the SDK, so that esbuild can shake it.
  mainFields: ['module', 'main'],
  // Without the SDK's warning on Node 20, of later versions of it, which this bundle does not have.
  define: { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"' },
  minify: true,
  keepNames: true,
  legalComments: 'none',
  banner: { js: '#!/usr/bin/env node' },
};
