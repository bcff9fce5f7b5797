import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_ERRORS, AS_IT_HAPPENS, DIMENSION, EVERY_BATCH, NAMESPACE } from '../../lambda/contract/metric-names';
import { SAVED_QUERIES } from '../../lib/monitoring/queries';
import { RUNBOOKS } from '../../lib/monitoring/runbooks';
import { synthesized } from '../lib/templates';

const PROJECT = join(__dirname, '../..');
const MANUAL = readFileSync(join(PROJECT, RUNBOOKS), 'utf8');

/** The sections of the manual by the fragments of their links. */
const sections = new Map(
  MANUAL.split(/^#+ /m)
    .slice(1)
    .map((text) => {
      const heading = text.slice(0, text.indexOf('\n'));
      return [
        heading
          .toLowerCase()
          .replaceAll(' ', '-')
          .replace(/[^\w-]/g, ''),
        text,
      ];
    }),
);

test('each alarm links a runbook that says what it means, where to look and what to do, and that is in the package', () => {
  const alarms = Object.values(synthesized({ events: 'eventbridge' }).findResources('AWS::CloudWatch::Alarm'));
  const linked = alarms.map(
    ({ Properties }) => / docs\/operations\.md#([\w-]+) /.exec(Properties.AlarmDescription)?.[1],
  );
  expect(new Set(linked).size).toBe(alarms.length);
  for (const link of linked) {
    const runbook = sections.get(link ?? '') ?? '';
    for (const part of ['**Meaning.**', '**Look.**', '**Do.**'])
      expect([link, runbook]).toEqual([link, expect.stringContaining(part)]);
  }
  const { files } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  expect(files).toContain('docs');
});

test('every section that the manual links exists', () => {
  const links = Array.from(MANUAL.matchAll(/\]\(#([\w-]+)\)/g), ([, link = '']) => link);
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !sections.has(link))).toEqual([]);
});

test('the manual names every metric, every cause and every saved query', () => {
  const metrics = Object.values({ ...EVERY_BATCH, ...AS_IT_HAPPENS, ...API_ERRORS }).map((name) => `\`${name}\``);
  const causes = [...Object.keys(API_ERRORS), 'malformed'].map((cause) => `| \`${cause}\` |`);
  const queries = SAVED_QUERIES.map(({ name }) => name);
  const place = `Namespace \`${NAMESPACE}\`, dimension \`${DIMENSION}\``;
  expect([place, ...metrics, ...causes, ...queries].filter((name) => !MANUAL.includes(name))).toEqual([]);
});

test('the arithmetic of what it costs is right', () => {
  const sums = Array.from(
    MANUAL.matchAll(/([\d.,() +−×/]*[+−×/][\d.,() +−×/]*) = \**([\d.,]+)/g),
    ([, terms = '', sum = '']) => ({ terms: terms.replace(/^[ ,)]+/, ''), sum }),
  );
  expect(sums.length).toBeGreaterThan(20);
  for (const { terms, sum } of sums) expect(`${terms} = ${calculate(terms).toFixed(2)}`).toBe(`${terms} = ${sum}`);
});

/** Sums of products, one of which may be in parentheses. */
function calculate(text: string): number {
  const plain = text.replaceAll(',', '').replace(/\(([^()]*)\)/g, (_, inner: string) => String(calculate(inner)));
  return plain
    .replaceAll(' − ', ' + -')
    .split('+')
    .reduce((sum, product) => sum + calculateProduct(product), 0);
}

function calculateProduct(text: string): number {
  const [first = '', ...divisors] = text.split('/');
  const product = first.split('×').reduce((all, each) => all * Number(each), 1);
  return divisors.reduce((quotient, each) => quotient / Number(each), product);
}
