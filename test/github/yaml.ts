import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// The one that CDK brings.
const { parseDocument } = createRequire(require.resolve('aws-cdk-lib'))('yaml');

export const PROJECT = join(__dirname, '../..');

/** A YAML file of the project. @throws at the first error in it */
export function readYaml<T>(file: string): T {
  const document = parseDocument(readFileSync(join(PROJECT, file), 'utf8'), { version: '1.2' });
  if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0].message}`);
  return document.toJSON();
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly 'timeout-minutes': number;
  readonly strategy?: { readonly matrix: { readonly node: readonly (string | number)[] } };
  readonly steps: readonly Step[];
}

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
