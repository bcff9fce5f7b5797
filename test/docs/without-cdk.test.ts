import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import type { Template } from '../../local/template/intrinsics';
import { withParameters } from '../../local/template/parameters';
import { INTERFACE, PARAMETERS } from '../../scripts/template/parameters';
import { parseHcl } from './hcl';

const PAGE = readFileSync(join(__dirname, '../../docs/without-cdk.md'), 'utf8');
/** CDK brings it. */
const { parseDocument } = createRequire(require.resolve('aws-cdk-lib'))('yaml');

const FILE = 'cloudfront-invalidator.template.json';
const REQUIRED = { BucketName: 'site-bucket', DistributionId: 'E123EXAMPLE' };

function blocksOf(language: string): string[] {
  return Array.from(PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms')), ([, block = '']) => block);
}

/** As a deployment gives them. What is no text, or empty, is a reference to what exists. */
function expectDeployable(parameters: Readonly<Record<string, unknown>>): void {
  const isKnown = ([, value]: [string, unknown]) => typeof value === 'string' && value !== '';
  const known = Object.fromEntries(Object.entries(parameters).filter(isKnown)) as Record<string, string>;
  expect(Object.keys(parameters)).toEqual(expect.arrayContaining(Object.keys(REQUIRED)));
  expect(Object.keys(PARAMETERS)).toEqual(expect.arrayContaining(Object.keys(parameters)));
  const template: Template = { Parameters: PARAMETERS, Resources: {} };
  expect(() => withParameters(template, { ...REQUIRED, ...known })).not.toThrow();
}

interface Nested {
  readonly Resources: {
    readonly Invalidator: { Type: string; Properties: { TemplateURL: string; Parameters: Record<string, unknown> } };
  };
}

test.each(['Transform', 'service'])('the YAML with a %s nests the template, with parameters that it has', (first) => {
  const block = blocksOf('yaml').find((each) => each.startsWith(`${first}:`)) ?? '';
  const document = parseDocument(block, { customTags: [{ tag: '!Ref', resolve: () => '' }] });
  expect([document.errors, document.warnings]).toEqual([[], []]);
  const { resources, ...whole } = document.toJSON();
  const { Invalidator } = ((resources ?? whole) as Nested).Resources;
  expect(Invalidator.Type).toBe('AWS::CloudFormation::Stack');
  expect(Invalidator.Properties.TemplateURL).toMatch(new RegExp(`/${FILE}$`));
  expectDeployable(Invalidator.Properties.Parameters);
});

test('the HCL of Terraform deploys the template from a bucket, with parameters that it has', () => {
  const [block = '', ...others] = blocksOf('hcl');
  expect(others).toEqual([]);
  const body = parseHcl(block);
  const { attributes } = body.blocks.find(({ labels }) => labels[0] === 'aws_cloudformation_stack') ?? {};
  expect(attributes?.template_url).toMatch(
    /^https:.*bucket_regional_domain_name}\/\$\{aws_s3_object\.invalidator\.key}$/,
  );
  expect(attributes?.capabilities).toEqual(['CAPABILITY_IAM']);
  expectDeployable(attributes?.parameters as Record<string, unknown>);
  expect(body.blocks.find(({ type }) => type === 'locals')?.attributes.template).toContain(`/${FILE}`);
});

describe('HCL that is none is refused:', () => {
  test.each([
    'resource "a" "b" {',
    'resource "a" "b" {\n name "x"\n}',
    'resource "a" "b" {\n name = \n}',
    'resource "a" "b" {\n name = "x\n}',
    'locals {\n a = 1 b = 2\n}',
    'locals {\n a = ["x" "y"]\n}',
    `locals {\n a = "\${b"\n}`,
    'locals {\n a = f(x\n}',
    'locals {\n a = 1\n a = 2\n}',
  ])('%j', (text) => expect(() => parseHcl(text)).toThrow(/^HCL, line \d+: /));
});

const terraform = spawnSync('terraform', ['version']);
const hasTerraform = terraform.status === 0;
if (!hasTerraform) console.warn('SKIPPED: terraform is not installed, so it does not read the HCL of the docs.');

(hasTerraform ? test : test.skip)('terraform reads the HCL, and would not write it otherwise', () => {
  const { status, stdout } = spawnSync('terraform', ['fmt', '-check', '-diff', '-'], {
    encoding: 'utf8',
    input: blocksOf('hcl')[0],
  });
  expect([status, stdout]).toEqual([0, '']);
});

test('the program of Pulumi is TypeScript, with parameters that the template has', () => {
  const [block = ''] = blocksOf('ts');
  expect(() => transformSync(block, { jsc: { parser: { syntax: 'typescript' } } })).not.toThrow();
  const [, given = ''] = block.match(/parameters: \{ (.*?) \}/) ?? [];
  const pairs = given.split(', ').map((each) => each.replaceAll("'", '').split(': '));
  expectDeployable(Object.fromEntries(pairs));
  expect(block).toContain(`'${FILE}'`);
});

test('the command of the AWS CLI has parameters that the template takes, and what a template of this size needs', () => {
  const [block = ''] = blocksOf('sh').filter((each) => each.includes('cloudformation deploy'));
  const [, given = ''] = block.match(/--parameter-overrides (.*)/) ?? [];
  expectDeployable(Object.fromEntries(given.split(' ').map((each) => each.split('='))));
  expect(block).toContain(`--template-file ${FILE} --s3-bucket `);
  expect(block).toContain('--capabilities CAPABILITY_IAM');
});

test('the Launch Stack link fills in parameters that the template has', () => {
  const [link = ''] = blocksOf('text');
  const { hash } = new URL(link.trim());
  const query = new URLSearchParams(hash.slice(hash.indexOf('?')));
  expect(query.get('templateURL')).toMatch(
    new RegExp(`^https://[a-z-]+\\.s3\\.eu-central-1\\.amazonaws\\.com/${FILE}$`),
  );
  const given = [...query].filter(([name]) => name.startsWith('param_'));
  expectDeployable(Object.fromEntries(given.map(([name, value]) => [name.replace('param_', ''), value])));
});

test('the table has every parameter, its default and its description', () => {
  const rows = INTERFACE.ParameterGroups.flatMap((group) => group.Parameters).map((name) => {
    const { Default, Description } = PARAMETERS[name] ?? {};
    const value = Default === undefined ? 'required' : Default === '' ? 'empty' : `\`${Default}\``;
    return `| \`${name}\` | ${value} | ${Description?.replaceAll('|', '\\|').replaceAll(/(?<![\w`])([\w/]*\*\*[^ ]*[^ .])/g, '`$1`')} |`;
  });
  expect(PAGE).toContain(['| parameter | default | |', '|---|---|---|', ...rows].join('\n'));
});

test('each way of deploying it leads to what is left to do', () => {
  const sections = PAGE.split(/^(?=## )/m);
  const ways = sections.filter((section) => /^## (With|A|In) /.test(section) && section.includes('```'));
  expect(ways).toHaveLength(6);
  expect(ways.filter((way) => !way.includes('](#after-the-first-deployment)'))).toEqual([]);
  expect(ways.filter((way) => !/[Uu]pdate/.test(way) || !/remove/.test(way))).toEqual([]);
});
