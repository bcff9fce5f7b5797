import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Template } from './template/intrinsics';

/** What `cdk synth` leaves behind. */
export interface CloudAssembly {
  readonly stackName: string;
  readonly template: Template;
  readonly directory: string;
}

/** With these the command line makes the template name its assets, and the constructs that its resources come from. */
const METADATA = { 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true };

const PROJECT = join(__dirname, '..');

/**
 * Synthesizes the stack as the CDK's command line does: by the `app` command and the context of `cdk.json`, but for the names of what
 * exists: on this machine there is none of it.
 *
 * @param directory an empty one
 * @param context what `-c name=value` would say
 * @throws an Error with what the app says, if it fails
 */
export async function synthesize(
  directory: string,
  context: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<CloudAssembly> {
  const { app: command, context: own } = await readCdkJson();
  const app = spawn(command, {
    cwd: PROJECT,
    shell: true,
    signal,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      CDK_CONTEXT_JSON: JSON.stringify({ ...own, ...METADATA, ...context }),
      CDK_OUTDIR: directory,
      // CDK's validation of the template takes most of the time, and is the matter of `cdk synth`.
      CDK_VALIDATION: 'false',
    },
  });
  const [said, [code]] = await Promise.all([text(app.stderr), once(app, 'exit')]);
  if (code !== 0) throw new Error(said.trim() || `${command} ended with exit code ${code}.`);
  const manifest: Manifest = await readJson(directory, 'manifest.json');
  for (const [stackName, { type, properties }] of Object.entries(manifest.artifacts)) {
    if (type !== 'aws:cloudformation:stack') continue;
    return { stackName, directory, template: await readJson(directory, properties.templateFile) };
  }
  throw new Error(`${command} synthesized no stack.`);
}

/** The `app` command and the context of `cdk.json`, but for the names of what exists. */
export async function readCdkJson(): Promise<{ app: string; context: Record<string, unknown> }> {
  const { app, context } = await readJson<{ app: string; context: Record<string, unknown> }>(PROJECT, 'cdk.json');
  const { bucketName: _, distributionId: __, ...own } = context;
  return { app, context: own };
}

interface Manifest {
  readonly artifacts: Record<string, { readonly type: string; readonly properties: { readonly templateFile: string } }>;
}

async function readJson<T>(directory: string, name: string): Promise<T> {
  return JSON.parse(await readFile(join(directory, name), 'utf8'));
}
