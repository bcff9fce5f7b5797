import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { jsii } from '../../package.json';
import { makeLanguagePackages } from '../../scripts/languages';

/** Where the construct, its options and one of them are in the sources of each language. */
const SOURCES: Readonly<Record<string, readonly [file: RegExp, text: string][]>> = {
  python: [[/src\/cloudfront_invalidator\/__init__\.py$/, 'max_batching_window: typing.Optional["_aws_cdk_']],
  java: [
    [/\/CloudFrontInvalidator\.java$/, 'public class CloudFrontInvalidator extends software.constructs.Construct'],
    [/\/CloudFrontInvalidatorProps\.java$/, 'software.amazon.awscdk.Duration getMaxBatchingWindow()'],
  ],
  dotnet: [
    [/\/CloudFrontInvalidator\.cs$/, 'public class CloudFrontInvalidator : Constructs.Construct'],
    [/\/CloudFrontInvalidatorProps\.cs$/, 'Duration? MaxBatchingWindow'],
  ],
  go: [
    [/\/CloudFrontInvalidator\.go$/, 'func NewCloudFrontInvalidator(scope constructs.Construct, id *string'],
    [/\/CloudFrontInvalidatorProps\.go$/, 'MaxBatchingWindow awscdk.Duration'],
  ],
};

/** Prints what is wrong with Python sources: the files that do not parse. */
const PARSE = `
import ast, sys
for name in sys.argv[1:]:
    with open(name, encoding='utf-8') as file:
        ast.parse(file.read(), name)
`;

/** Prints a module's imports, in order, and what else is in it, so that two spellings of the same code are the same. */
const MEANING = `
import ast, sys
module = ast.parse(sys.stdin.read())
imports = [each for each in module.body if isinstance(each, ast.ImportFrom)]
for name in sorted(f'{each.module}.{alias.name}' for each in imports for alias in each.names):
    print(name)
print(ast.dump(ast.Module([each for each in module.body if each not in imports], [])))
`;

const hasPython = spawnSync('python3', ['--version']).status === 0;
const withPython = hasPython ? test : test.skip;
if (!hasPython) console.warn('There is no python3: the Python sources are not parsed.');

/**
 * Of the installed package.
 *
 * @param installed its folder, with the peers where Node finds them
 */
export function testLanguages(installed: () => string, readme: string): void {
  const to = mkdtempSync(join(tmpdir(), 'languages-'));
  let files: string[];

  beforeAll(() => {
    makeLanguagePackages(installed(), to, true);
    files = readdirSync(to, { recursive: true, encoding: 'utf8' });
  });

  afterAll(() => rmSync(to, { recursive: true }));

  const read = (language: string, file: RegExp) => {
    const name = files.find((each) => each.startsWith(language) && file.test(each));
    return name === undefined ? undefined : readFileSync(join(to, name), 'utf8');
  };

  test.each(Object.entries(SOURCES))('the construct and its options are there in %s', (language, sources) => {
    for (const [file, text] of sources) expect(read(language, file)).toContain(text);
  });

  test.each(Object.keys(SOURCES))('the npm package, and with it the function, is in that of %s', (language) => {
    expect(files.filter((each) => each.startsWith(language) && each.endsWith('.tgz'))).toHaveLength(1);
  });

  // C# would look for the namespace's types in the class of that name.
  test('no type has the name of its .NET namespace', () => {
    const types = files.filter((each) => /^dotnet\/.*\.cs$/.test(each)).map((each) => basename(each, '.cs'));
    expect(types).toContain('CloudFrontInvalidator');
    expect(types).not.toContain(jsii.targets.dotnet.namespace.split('.').at(-1));
  });

  test('what it shows first is of its language, and leads nowhere but to the project', () => {
    const shown = read('python', /^python\/README\.md$/) ?? '';
    expect(shown).not.toMatch(/TypeScript:|```ts|```sh/);
    const links = Array.from(shown.matchAll(/\]\((.*?)\)/g), ([, link = '']) => link);
    expect(links.filter((link) => !link.startsWith('https://'))).toEqual([]);
  });

  withPython('the Python sources parse', () => {
    const sources = files.filter((each) => each.endsWith('.py')).map((each) => join(to, each));
    expect(sources.length).toBeGreaterThan(1);
    execFileSync('python3', ['-c', PARSE, ...sources], { stdio: 'pipe' });
  });

  withPython('the Python of the README is its TypeScript', () => {
    const meaningOf = (text?: string) =>
      execFileSync('python3', ['-c', MEANING], { input: text?.match(SITE_STACK)?.[1] ?? '', encoding: 'utf8' });
    const translated = read('python', /^python\/README\.md$/);
    expect(translated).toMatch(SITE_STACK);
    expect(meaningOf(readme)).toBe(meaningOf(translated));
  });
}

/** The first block of Python with the stack of the README. */
const SITE_STACK = /^```python\n((?:(?!```).)*?class SiteStack.*?)^```/ms;
