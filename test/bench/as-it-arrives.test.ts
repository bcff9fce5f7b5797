import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IS_LONG, PATIENCE } from '../effort';
import { npmRun } from './run';

jest.setTimeout(PATIENCE);

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8').replace(/\s+/g, ' ');

/** Some of the deploys, and in the long mode all of them, which takes a minute. */
const { stdout } = npmRun('bench', [
  'planner',
  '--as-it-arrives',
  '--pollers',
  '5',
  ...(IS_LONG ? [] : ['--every', '20']),
]);

const rowOf = (rule: string) => {
  const row = stdout.split('\n').find((line) => line.startsWith(`| ${rule} `)) ?? '';
  const [, , paths = '', dollars = '', evicted = ''] = row.split('|').map((cell) => cell.trim());
  return { paths, dollars, evicted };
};
const numberOf = (text: string) => Number(text.replaceAll(',', ''));

test('one `/*` after each deploy pays a path a deploy, and one for each batch pays more and evicts more', () => {
  const [, deploys] = /(\d+) deploys/.exec(stdout) ?? [];
  const [once, each] = [rowOf('one `/*` per deploy'), rowOf('one `/*` per batch')];
  expect(once.paths).toBe(deploys);
  expect(numberOf(each.paths)).toBeGreaterThan(numberOf(once.paths));
  expect(numberOf(each.evicted)).toBeGreaterThan(numberOf(once.evicted));
  expect(numberOf(once.evicted)).toBeGreaterThan(numberOf(rowOf('this invalidator').evicted));
});

if (IS_LONG)
  test('the README says what the bench prints of all deploys', () => {
    const { paths, dollars, evicted } = rowOf('this invalidator');
    expect(README).toContain(`take ${paths} paths (${dollars}) and evict ${evicted} unchanged objects`);
  });
