import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = join(__dirname, '../..');
const outputs: string[] = [];

/** `npx cdk synth`, as a user runs it, on a machine that knows no AWS account. */
function synth(...options: string[]) {
  return synthIn(PROJECT, ...options);
}

function synthIn(cwd: string, ...options: string[]) {
  const output = mkdtempSync(join(tmpdir(), 'synth-'));
  outputs.push(output);
  const run = spawnSync(join(PROJECT, 'node_modules/.bin/cdk'), ['synth', '--quiet', '--output', output, ...options], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: output, CI: 'true' },
  });
  const templates = readdirSync(output).filter((name) => name.endsWith('.template.json'));
  return { ...run, output, templates, text: () => readFileSync(join(output, templates[0] ?? ''), 'utf8') };
}

afterAll(() => {
  for (const output of outputs) rmSync(output, { recursive: true });
});

test('no context gives the complete site, the same one twice', () => {
  const [first, second] = [synth(), synth('--no-validation')];
  expect(first).toMatchObject({ status: 0, templates: ['CloudFrontInvalidator.template.json'] });
  expect(first.text()).toContain('AWS::CloudFront::Distribution');
  expect(second.text()).toBe(first.text());
  expect(`${first.stdout}${first.stderr}`).not.toContain('feature flags');
}, 120_000);

test('a bucket and a distribution give a stack that is named for them', () => {
  const run = synth('--no-validation', '-c', 'bucketName=site.bucket', '-c', 'distributionId=E123EXAMPLE');
  expect(run).toMatchObject({
    status: 0,
    templates: ['CloudFrontInvalidator-E123EXAMPLE-site-dot-bucket.template.json'],
  });
  expect(run.text()).not.toContain('AWS::CloudFront::Distribution');
}, 60_000);

test('so do the lines that docs/deploy.md has one paste into cdk.json, without a word on the command line', () => {
  const read = (name: string) => readFileSync(join(PROJECT, name), 'utf8');
  const [, lines = ''] = /^ *```json\n(.*?)^ *```/ms.exec(read('docs/deploy.md')) ?? [];
  const pasted = JSON.parse(read('cdk.json').replace('"context": {\n', `"context": {\n${lines}`));
  const directory = mkdtempSync(join(tmpdir(), 'attached-'));
  outputs.push(directory);
  const app = `cd ${PROJECT} && ${pasted.app}`;
  writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ ...pasted, app }));
  const run = synthIn(directory, '--no-validation');
  expect(run).toMatchObject({
    status: 0,
    templates: ['CloudFrontInvalidator-E123EXAMPLE-site-bucket.template.json'],
  });
  expect(run.text()).toContain('attached to site-bucket and E123EXAMPLE');
}, 60_000);

test('bad context is one clear line and an exit code, without a stack trace', () => {
  const run = synth('-c', 'bucketName=site-bucket');
  expect(run.status).not.toBe(0);
  expect(run.stderr).toContain('Context: distributionId must be given together with bucketName, but it is missing\n');
  expect(run.stderr).not.toMatch(/^\s+at /m);
  expect(run.templates).toEqual([]);
}, 60_000);
