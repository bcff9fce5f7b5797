import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PROJECT = join(__dirname, '../..');
const README = readFileSync(join(PROJECT, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));

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
  'docs/operations.md',
  'docs/api.md',
])('every file that %s links exists', (page) => {
  const text = readFileSync(join(PROJECT, page), 'utf8');
  const links = Array.from(text.matchAll(/\]\(([^):#]+)[^):]*\)/g), ([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(PROJECT, dirname(page), link)))).toEqual([]);
});
