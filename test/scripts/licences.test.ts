import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

jest.setTimeout(60_000);

const PROJECT = join(__dirname, '../..');

/** `npm run licences`, of the function or of another entry file. */
async function licences(...entry: string[]) {
  const run = spawn('npm', ['run', '--silent', 'licences', '--', ...entry], { cwd: PROJECT });
  const [stdout, stderr, [code]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'exit')]);
  return { code, lines: stdout.trim().split('\n'), stderr };
}

test('what ships in the bundle is listed with its licence, and nothing else', async () => {
  const { code, lines } = await licences();
  expect(code).toBe(0);
  for (const line of lines) expect(line).toMatch(/^(@[\w-]+\/)?[\w.-]+@\d+\.\d+\.\d+ {2}[\w.-]+$/);
  const names = lines.map((line) => line.replace(/(?<=.)@.*/, ''));
  const direct = [
    '@aws-lambda-powertools/logger',
    '@aws-lambda-powertools/metrics',
    '@aws-sdk/client-cloudfront',
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-s3',
    'picomatch',
  ];
  expect(names).toEqual(expect.arrayContaining(direct));
  const others = names.filter((name) => !/^@(aws|aws-sdk|aws-lambda-powertools|smithy)\//.test(name));
  // Two of them come with DynamoDB's client, for discovering endpoints.
  expect(others).toEqual(['mnemonist', 'obliterator', 'picomatch']);
});

test('what ships in the command may ship, too', async () => {
  const { code, lines } = await licences(join(PROJECT, 'cli/main.ts'));
  expect(code).toBe(0);
  expect(lines.some((line) => line.startsWith('@aws-sdk/client-sqs@'))).toBe(true);
});

describe('of a bundle of other packages', () => {
  let project: string;
  beforeAll(() => {
    // Where CDK takes it for a part of this project, and the package manager does not.
    const cache = join(PROJECT, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    project = mkdtempSync(join(cache, 'licences-'));
  });
  afterAll(() => rmSync(project, { recursive: true }));

  function install(name: string, license: unknown, code = `exports.use = () => console.log('${name}');`): void {
    const root = join(project, 'node_modules', name);
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name, version: '1.2.3', license, main: 'index.js' }));
    writeFileSync(join(root, 'index.js'), code);
  }

  test('what is not permissive, or has no licence, is named, and the command fails', async () => {
    install('good', 'MIT');
    install('choice', '(GPL-3.0-only OR MIT)');
    install('both', '(MIT AND GPL-3.0-only)');
    install('@scope/copyleft', 'AGPL-3.0-only');
    install('silent', undefined);
    install('unused', 'GPL-3.0-only');
    const used = ['good', 'choice', 'both', '@scope/copyleft', 'silent'];
    const entry = join(project, 'entry.ts');
    writeFileSync(entry, used.map((name, at) => `import { use as use${at} } from '${name}';\nuse${at}();\n`).join(''));

    const { code, lines, stderr } = await licences(entry);
    expect(code).toBe(1);
    expect(lines).toEqual([
      '@scope/copyleft@1.2.3  AGPL-3.0-only',
      'both@1.2.3  (MIT AND GPL-3.0-only)',
      'choice@1.2.3  (GPL-3.0-only OR MIT)',
      'good@1.2.3  MIT',
      'silent@1.2.3  no licence',
    ]);
    const complaints = stderr.split('\n').filter((line) => line.includes('is not a permissive licence'));
    expect(complaints.map((line) => line.split(':')[0])).toEqual(['@scope/copyleft', 'both', 'silent']);
  });
});
