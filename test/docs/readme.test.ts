import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LogLine, startFunction } from '../lambda/function';
import { message, s3Body } from '../lambda/messages';

const PROJECT = join(__dirname, '../..');
const README = readFileSync(join(PROJECT, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));

function blocks(language: string): string[] {
  return Array.from(README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms')), ([, code = '']) => code);
}

test('every npm script that is named exists', () => {
  const named = Array.from(README.matchAll(/npm run (?:--silent )?([\w-]+)|npm (test|start)\b/g), ([, a, b]) => a ?? b);
  expect(named.length).toBeGreaterThan(3);
  for (const name of named) expect(scripts).toHaveProperty(name as string);
});

test.each([
  'README.md',
  'CONTRIBUTING.md',
  'docs/aliases.md',
  'docs/buckets.md',
  'docs/dry-run.md',
  'docs/guarantees.md',
  'docs/api.md',
])('every file that %s links exists', (page) => {
  const text = readFileSync(join(PROJECT, page), 'utf8');
  const links = Array.from(text.matchAll(/\]\(([^):#]+)[^):]*\)/g), ([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(PROJECT, dirname(page), link)))).toEqual([]);
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
