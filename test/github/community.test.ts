import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json';
import config from '../../release-please-config.json';
import { PROJECT, readYaml } from './yaml';

const read = (file: string) => readFileSync(join(PROJECT, file), 'utf8');

test('the package says what it is, whose, and what finds it', () => {
  expect(manifest.author).toBe('The cloudfront-invalidator authors');
  expect(read('LICENSE')).toContain(manifest.author);
  expect(manifest.license).toBe('MIT');
  expect(manifest.keywords).toEqual([...new Set(manifest.keywords)].sort());
  expect(manifest.keywords).toEqual(expect.arrayContaining(['aws-cdk', 'cloudfront', 's3']));
});

test('npm takes it from the release workflow alone, with its provenance', () => {
  expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
});

describe('versions are raised by one tool', () => {
  const [settings] = Object.values(config.packages);

  test('which knows every type of commit', () => {
    const types = settings?.['changelog-sections'].map(({ type }) => type) ?? [];
    const accepted = /const TYPES = \[(.*)\]/.exec(read('scripts/commit-subjects.ts'))?.[1] ?? '';
    expect(types.sort()).toEqual(Array.from(accepted.matchAll(/'(\w+)'/g), ([, type]) => type).sort());
  });

  test('and every file that has the version', () => {
    expect(JSON.parse(read('.release-please-manifest.json'))).toHaveProperty(['.']);
    expect(settings?.['extra-files']).toEqual(['README.md']);
    const outside = read('README.md').replace(
      /<!-- x-release-please-start-version -->.*?<!-- x-release-please-end -->/s,
      '',
    );
    expect(read('README.md')).toContain(`cloudfront-invalidator-${manifest.version}.tgz`);
    expect(outside).not.toContain(manifest.version);
  });
});

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly label?: string };
  }[];
}

const forms = readdirSync(join(PROJECT, '.github/ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml');

test.each(forms)('the issue form %s has what GitHub wants of a form', (name) => {
  const { body, ...form } = readYaml<Form>(`.github/ISSUE_TEMPLATE/${name}`);
  expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
  const fields = body.filter(({ type }) => type !== 'markdown');
  expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
  for (const field of fields) {
    expect(['textarea', 'input', 'dropdown', 'checkboxes']).toContain(field.type);
    expect(field.attributes.label).toBeTruthy();
  }
});

interface Dependabot {
  readonly version: number;
  readonly updates: readonly {
    readonly 'package-ecosystem': string;
    readonly ignore?: readonly { readonly 'dependency-name': string }[];
  }[];
}

test('dependabot updates packages and actions, but for dependencies that exist and stay', () => {
  const { version, updates } = readYaml<Dependabot>('.github/dependabot.yml');
  expect([version, updates.map((each) => each['package-ecosystem'])]).toEqual([2, ['npm', 'github-actions']]);
  for (const { ignore = [] } of updates)
    for (const each of ignore) expect(manifest.devDependencies).toHaveProperty([each['dependency-name']]);
});

test('what CODEOWNERS names exists', () => {
  const paths = Array.from(read('.github/CODEOWNERS').matchAll(/^#?\s*\/(\S+)/gm), ([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
});

test('security problems have a private way, and the forms point there', () => {
  expect(read('SECURITY.md')).toContain('Report a vulnerability');
  expect(read('.github/ISSUE_TEMPLATE/bug.yml')).toContain('SECURITY.md');
});
