import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LogLine, startFunction } from '../lambda/function';
import { message, s3Body } from '../lambda/messages';

const PROJECT = join(__dirname, '../..');
const README = readFileSync(join(PROJECT, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));

function blocks(language: string): string[] {
  return Array.from(README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms')), ([, code = '']) => code);
}

test('the snippet for an own CDK app synthesizes', () => {
  const snippet = blocks('ts').find((code) => code.includes('class SiteStack')) ?? '';
  const file = join(PROJECT, 'node_modules/.cache/readme/site-stack.ts');
  mkdirSync(dirname(file), { recursive: true });
  const app = `
    import { App } from 'aws-cdk-lib';
    const { stacks } = (() => { const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
      new SiteStack(app, 'Site'); return app.synth(); })();
    console.log(Object.values(stacks[0]?.template.Resources ?? {}).map((each) => (each as { Type: string }).Type).join());`;
  writeFileSync(file, snippet.replace('./cloudfront-invalidator/lib', join(PROJECT, 'lib')) + app);
  const run = spawnSync('npx', ['tsx', file], { cwd: PROJECT, encoding: 'utf8' });
  rmSync(dirname(file), { recursive: true });
  expect(run).toMatchObject({ status: 0 });
  expect(run.stdout).toContain('AWS::Lambda::EventSourceMapping');
}, 60_000);

test('every npm script that is named exists', () => {
  const named = Array.from(README.matchAll(/npm run (?:--silent )?([\w-]+)|npm (test|start)\b/g), ([, a, b]) => a ?? b);
  expect(named.length).toBeGreaterThan(3);
  for (const name of named) expect(scripts).toHaveProperty(name as string);
});

test('every file that is linked exists', () => {
  const links = Array.from(README.matchAll(/\]\(([^):#]+)\)/g), ([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(PROJECT, link)))).toEqual([]);
});

test('the queries ask for fields and messages that the function logs', async () => {
  const running = await startFunction();
  const line = { time: new Date(Date.now() - 20_000).toISOString() };
  const lines: LogLine[] = [];
  const many = (round: string) =>
    Array.from({ length: 101 }, (_, at) => message(`${round}${at}`, s3Body(`${at}.html`, line)));
  lines.push(...(await running.receive(many('a'))).log, ...(await running.receive(many('b'))).log);
  running.cloudFront.fault = () => ({ kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' });
  lines.push(...(await running.receive([message('m1', s3Body('other.html'))])).log);
  await running.stop();

  const queries = blocks('text').filter((code) => code.includes('filter'));
  expect(queries).toHaveLength(3);
  for (const query of queries) {
    const messages = Array.from(query.matchAll(/ message (?:=|like) '([^']+)'/g), ([, text = '']) => text);
    expect(messages.length).toBeGreaterThan(0);
    const matching = messages.map((text) => lines.filter((each) => each.message.startsWith(text)));
    for (const found of matching) expect(found).not.toEqual([]);
    const fields = query
      .replace(/^#.*$/gm, '')
      .replace(/'[^']*'/g, '')
      .match(/\b(?!filter|display|stats|sort|by|as|and|like|or|max|latest|desc|message\b)[a-z]\w*/gi);
    const aliases = Array.from(query.matchAll(/ as (\w+)/g), ([, alias]) => alias);
    const asked = fields?.filter((field) => !aliases.includes(field) && !['timestamp'].includes(field)) ?? [];
    for (const field of new Set(asked)) expect(matching.flat()[0]).toHaveProperty(field);
  }
});
