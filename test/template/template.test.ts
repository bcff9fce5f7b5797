import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONSTRUCT_RULES } from '../../lib/options/options';
import { checkGlobs, checkOriginPath, checkPrefix, ORIGIN_RULES } from '../../lib/options/origin';
import { checkBucketName, checkDistributionId, checkIndexDocument, checkTopicArn } from '../../lib/options/rules';
import { formEncode } from '../../lib/source/notifications';
import type { Template } from '../../local/template/intrinsics';
import { withParameters } from '../../local/template/parameters';
import { faultsIn } from '../../scripts/template/check';
import { inlineCode } from '../../scripts/template/inline-code';
import { INTERFACE, PARAMETERS } from '../../scripts/template/parameters';
import { makeTemplate } from '../../scripts/template/template';

jest.setTimeout(180_000);

const template = makeTemplate(inlineCode());
const text = `${JSON.stringify(template, null, 1)}\n`;
const REQUIRED = { BucketName: 'site-bucket', DistributionId: 'E123EXAMPLE' };

describe('the template', () => {
  test('fits, refers to nothing that is not there, and has nothing that is not used', () => {
    expect(faultsIn(text)).toEqual([]);
  });

  test('has the whole function in it, and needs neither an asset nor a bootstrap', () => {
    const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    const codes = functions.map(({ Properties }) => Object.keys((Properties as { Code: object }).Code));
    expect(codes).toEqual([['ZipFile'], ['ZipFile']]);
    expect(Object.keys(template.Parameters)).not.toContain('BootstrapVersion');
  });

  test('needs no more than the names of the bucket and of the distribution', () => {
    const required = Object.entries(PARAMETERS).filter(([, { Default }]) => Default === undefined);
    expect(required.map(([name]) => name)).toEqual(Object.keys(REQUIRED));
    expect(() => withParameters(template as unknown as Template, REQUIRED)).not.toThrow();
  });

  test('has a parameter for every option of the construct, but for those that its page names', () => {
    const named: Readonly<Record<string, string>> = {
      bucket: 'BucketName',
      distribution: 'DistributionId',
      alarmTopic: 'AlarmTopicArn',
    };
    const options = Object.keys({ ...CONSTRUCT_RULES, ...ORIGIN_RULES }).filter((name) => name !== 'origins');
    const parameterOf = (name: string) => named[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const others = options.filter((name) => !Object.hasOwn(PARAMETERS, parameterOf(name)));
    expect(others.toSorted()).toEqual([
      'aliases',
      'encryptionKey',
      'eventBus',
      'logEncryptionKey',
      'securityGroups',
      'tenant',
      'vpc',
      'vpcSubnets',
    ]);
    expect(options).toHaveLength(Object.keys(PARAMETERS).length + others.length);
  });

  test('describes, groups and labels every parameter, once', () => {
    const grouped = INTERFACE.ParameterGroups.flatMap((group) => group.Parameters);
    expect(grouped.toSorted()).toEqual(Object.keys(PARAMETERS).toSorted());
    expect(Object.keys(INTERFACE.ParameterLabels).toSorted()).toEqual(grouped.toSorted());
    for (const { Description, AllowedPattern, AllowedValues, MinValue, ConstraintDescription } of Object.values(
      PARAMETERS,
    )) {
      expect(Description).toMatch(/^[A-Za-z0].{20,}\.$/);
      expect([AllowedPattern, AllowedValues, MinValue].some((each) => each !== undefined)).toBe(true);
      expect(AllowedPattern === undefined || ConstraintDescription !== undefined).toBe(true);
    }
  });
});

describe('what a parameter takes, the construct takes, too:', () => {
  const glob = (value: string) => checkGlobs(value === '' ? [] : [value]);
  const folders = (value: string) => checkOriginPath(value === 'none' ? '' : value);
  const CHECKS: Readonly<Record<string, (value: string) => unknown>> = {
    BucketName: (value) => checkBucketName(value, 'bucket'),
    DistributionId: (value) => checkDistributionId(value, 'distribution'),
    Prefix: (value) => checkPrefix(value, 'prefix'),
    Exclude: glob,
    OriginPath: folders,
    ViewerPrefix: folders,
    IndexDocument: (value) => (value === '' ? value : checkIndexDocument(value)),
    AlarmTopicArn: (value) => (value === '' ? value : checkTopicArn(value, 'alarmTopicArn')),
  };

  /** Each is taken by one parameter at least, or refused by all. */
  const VALUES = [
    ...['', 'none', '/', '//', '/site', '/site/', '/a/b', 'site', '/a b', '/a"b', '/a\\b', '/é', '/a^/b', '/a?b'],
    ...['docs/', 'a"', 'a\\', '/docs', 'docs/*', 'a b', "a'b(c)!", 'x'.repeat(512), 'x'.repeat(513)],
    ...['assets/**', '!assets/logo.png', '!', '!/a', 'a/', '*.*.*', 'a/*/b/*', '**/a/**', '**/**/**', '***', '*a*b*'],
    ...['+(a)', 'a{b}', '@(a|b)', '*', '**', 'a*b*/c*d*', '!!a', 'a,b'],
    ...['index.html', 'a/b.html', '*.html', 'x'.repeat(101), 'E123EXAMPLE', 'E1', 'e123example'],
    ...['site-bucket', 'Site', 'a..b', '1.2.3.4', 'xn--a', 'ab', 'my.bucket', 'x-s3alias', 'a'.repeat(64)],
    ...['arn:aws:sns:eu-central-1:123456789012:t', 'arn:aws:sns:eu-central-1:123456789012:t.fifo', 'arn:aws:sqs:a:b:c'],
  ];

  test.each(Object.keys(CHECKS))('%s', (name) => {
    const isTaken = (value: string) => {
      try {
        withParameters(template as unknown as Template, { ...REQUIRED, [name]: value });
        return true;
      } catch {
        return false;
      }
    };
    const taken = VALUES.filter(isTaken);
    expect(taken.length).toBeGreaterThan(0);
    for (const value of taken) for (const each of value.split(',')) expect(() => CHECKS[name]?.(each)).not.toThrow();
    const refused = VALUES.filter((value) => !taken.includes(value));
    expect(refused.length).toBeGreaterThan(20);
  });

  test('what is put into JSON, or into the filter of a notification, needs no encoding there', () => {
    for (const name of ['Prefix', 'Exclude', 'OriginPath', 'ViewerPrefix']) {
      const pattern = new RegExp(String(PARAMETERS[name]?.AllowedPattern));
      for (let code = 0; code < 256; code += 1) {
        const character = String.fromCharCode(code);
        const values = [character, `a${character}b`, `/a${character}b`].filter((value) => pattern.test(value));
        for (const value of values) expect(JSON.stringify(value)).toBe(`"${value}"`);
        if (name === 'Exclude') continue;
        for (const value of values) expect(formEncode(value)).toBe(value);
      }
    }
  });
});

describe('the check of the template finds', () => {
  const broken = (change: (copy: Record<string, Record<string, unknown>>) => void) => {
    const copy = structuredClone(template) as unknown as Record<string, Record<string, unknown>>;
    change(copy);
    return faultsIn(JSON.stringify(copy));
  };
  const output = (value: unknown) => broken(({ Outputs = {} }) => Object.assign(Outputs, { Bad: { Value: value } }));

  test.each<[unknown, string]>([
    [{ Ref: 'Nobody' }, 'There is nothing for the Ref of Nobody.'],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, 'There is nothing for the Fn::GetAtt of Nobody.Arn.'],
    [{ 'Fn::Sub': `\${AWS::Region} \${BucketName} \${Nobody}` }, 'There is nothing for the Fn::Sub of Nobody.'],
    [{ 'Fn::If': ['Never', 1, 2] }, 'There is nothing for the condition Never.'],
    [
      { 'Fn::FindInMap': ['MaxBatchingWindow', { Ref: 'MaxBatchingWindow' }, 'Nothing'] },
      'There is nothing for the Fn::FindInMap of MaxBatchingWindow, Nothing.',
    ],
    ['cdk-hnb659fds-assets-123', 'cdk-hnb659fds-assets- is left.'],
    ['Any-Stack/Invalidator', 'Any-Stack is left.'],
  ])('%j', (value, fault) => expect(output(value)).toEqual([fault]));

  test.each<[string, Parameters<typeof broken>[0], string]>([
    [
      'a DependsOn of nothing',
      ({ Resources = {} }) => Object.assign(Resources, { Bad: { DependsOn: ['Nobody'] } }),
      'There is nothing for the DependsOn of Nobody.',
    ],
    [
      'a condition of nothing',
      ({ Resources = {} }) => Object.assign(Resources, { Bad: { Condition: 'Never' } }),
      'There is nothing for the condition Never.',
    ],
    [
      'a parameter that nobody uses',
      ({ Parameters = {} }) => Object.assign(Parameters, { Idle: {} }),
      'Nothing uses the parameter Idle.',
    ],
    [
      'a condition that nobody uses',
      ({ Conditions = {} }) => Object.assign(Conditions, { Idle: { 'Fn::Equals': [1, 1] } }),
      'Nothing uses the condition Idle.',
    ],
    [
      'a mapping that nobody uses',
      ({ Mappings = {} }) => Object.assign(Mappings, { Idle: {} }),
      'Nothing uses the mapping Idle.',
    ],
    [
      'too many parameters',
      ({ Outputs = {}, Parameters = {} }) => {
        const names = Array.from({ length: 201 }, (_, at) => `P${at}`);
        Object.assign(Parameters, Object.fromEntries(names.map((name) => [name, {}])));
        Object.assign(Outputs, { All: { Value: names.map((Ref) => ({ Ref })) } });
      },
      `${201 + Object.keys(PARAMETERS).length} parameters, of 200`,
    ],
  ])('%s', (_, change, fault) => expect(broken(change)).toEqual([fault]));

  test('a template that is too large', () => {
    expect(output('x'.repeat(1_000_000))).toEqual([expect.stringMatching(/^\d+ bytes, of 920000$/)]);
  });
});

const lint = spawnSync('cfn-lint', ['--version']);
const isLinted = lint.status === 0;
if (!isLinted) console.warn('SKIPPED: cfn-lint is not installed, so it does not look at the template.');

(isLinted ? test : test.skip)('cfn-lint has no objection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'template-'));
  try {
    const file = join(folder, 'template.json');
    writeFileSync(file, text);
    // W3005: CDK names what a resource depends on also where a reference says it.
    const { stdout } = spawnSync('cfn-lint', ['--ignore-checks', 'W3005', '--', file], { encoding: 'utf8' });
    expect(stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
