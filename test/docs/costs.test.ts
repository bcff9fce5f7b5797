import { EVERY_BATCH } from '../../lambda/contract/metric-names';
import { DOLLARS_PER_PATH } from '../../lambda/contract/pricing';
import { synthesized } from '../lib/templates';
import { PAGES } from './pages';

const PAGE = PAGES.get('docs/costs.md') ?? '';
const MANUAL = PAGES.get('docs/operations.md') ?? '';
const README = PAGES.get('README.md') ?? '';

interface Row {
  readonly howMuch: string;
  readonly monitored: number;
  readonly unmonitored: number;
}

const [, table = ''] = /^## A small site$(.*?)^## /ms.exec(PAGE) ?? [];
const rows = new Map<string, Row>(
  Array.from(table.matchAll(/^\|(.*)\|$/gm), ([, row = '']) => row.replaceAll('*', '').split('|'))
    .slice(2)
    .map(([what = '', howMuch = '', monitored, unmonitored]) => [
      what.trim(),
      { howMuch: howMuch.trim(), monitored: Number(monitored), unmonitored: Number(unmonitored) },
    ]),
);
const row = (what: string): Row => rows.get(what) ?? { howMuch: '', monitored: Number.NaN, unmonitored: Number.NaN };
const TOGETHER = 'together, in dollars a month';

/** The numbers of a product, whatever they are of. */
function product(text: string): number {
  const [factors = '', divisor = '1'] = text.replace(/[^\d.×/]/g, '').split('/');
  return factors.split('×').reduce((all, each) => all * Number(each), 1) / Number(divisor);
}

test.each(['queues', 'metrics', 'alarms', 'dashboard'])('the %s cost what their numbers come to', (what) => {
  expect(row(what).monitored).toBe(Number(product(row(what).howMuch).toFixed(2)));
});

test('the paths of the small site are within the free ones, and its batches cost less than a cent', () => {
  const [paths = 0, free = 0] = (row('CloudFront paths').howMuch.match(/[\d,]+\d/g) ?? []).map((each) =>
    Number(each.replace(',', '')),
  );
  expect(row('CloudFront paths').monitored).toBe(Math.max(0, paths - free) * DOLLARS_PER_PATH);
  expect(README).toContain(`${paths} paths a month`);
});

test('its sums are those of its rows', () => {
  const { [TOGETHER]: together, ...each } = Object.fromEntries(rows);
  const sum = (of: 'monitored' | 'unmonitored') => Object.values(each).reduce((all, value) => all + value[of], 0);
  expect(Object.keys(each)).toHaveLength(6);
  expect(together?.monitored).toBeCloseTo(sum('monitored'), 10);
  expect(together?.unmonitored).toBeCloseTo(sum('unmonitored'), 10);
});

test.each<[string, Record<string, string>, keyof Row]>([
  ['with monitoring', {}, 'monitored'],
  ['without', { monitoring: 'false' }, 'unmonitored'],
])('the alarms and dashboards are those of the template, %s', (_, context, column) => {
  const template = synthesized(context);
  const count = (type: string) => Object.keys(template.findResources(type)).length;
  expect(row('alarms')[column]).toBeCloseTo(0.1 * count('AWS::CloudWatch::Alarm'), 10);
  expect(row('dashboard')[column]).toBe(3 * count('AWS::CloudWatch::Dashboard'));
});

test('the metrics are those of every batch, and the staleness of what is invalidated', () => {
  expect(row('metrics').howMuch).toMatch(new RegExp(`^${Object.keys(EVERY_BATCH).length + 1} × `));
  expect(row('metrics').unmonitored).toBe(row('metrics').monitored);
});

test('it is the small site of the operations manual, at the same prices', () => {
  const [, deploys, files] = /(\d+) deploys of (\d+) files a month/.exec(PAGE) ?? [];
  const batches = /in (\d+) batches/.exec(PAGE)?.[1];
  const paths = /take (\d+) paths/.exec(PAGE)?.[1];
  const changes = Number(deploys) * Number(files);
  expect(MANUAL).toContain(`${deploys} deploys of ${files} files | ${changes} | ${batches} | ${paths} |`);
  const [, sum] = /^\| \*\*together\*\* .*?\*\*([\d.]+)\*\*/m.exec(MANUAL) ?? [];
  expect(Number(sum)).toBe(row(TOGETHER).monitored);
  for (const price of ['| $0.40 a million |', '| $0.10 each |', '| $0.30 each for 720 hours |', '| dashboard | $3,'])
    expect(MANUAL).toContain(price);
});

test('the README says the same', () => {
  const { monitored, unmonitored } = row(TOGETHER);
  expect(README).toContain(`costs $${monitored.toFixed(2)} with monitoring, and $${unmonitored.toFixed(2)} without`);
  expect(README).toContain(`${/(\d+) deploys of/.exec(PAGE)?.[1]} deploys and`);
});
