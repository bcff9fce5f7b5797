import fc from 'fast-check';
import { MARKS, type Mark, markObjects } from '../../local/page/marks';
import { MOST_ROWS, type Row, rowsOf } from '../../local/page/rows';
import { addStep, MOST_STEPS, type Step } from '../../local/page/steps';
import { growTree, placeWildcard, total } from '../../local/page/tree';

const numbers = (length: number) => Array.from({ length }, (_, at) => at);
const marked = (keys: readonly string[], mark: (at: number) => Mark): Map<string, Mark> =>
  new Map(keys.map((key, at) => [key, mark(at)]));
const mixed = (at: number): Mark => (at % 7 < 3 ? 'wildcard' : 'evicted');

describe.each<[string, (at: number) => string]>([
  ['in one folder', (at) => `folder/${at}.html`],
  ['each in a folder of its own', (at) => `${at}/index.html`],
  ['in folders of folders', (at) => `${at % 10}/${at % 100}/${at % 1000}/${at}.html`],
  ['in the root', (at) => `${at}.html`],
])('100,000 objects, %s', (_, nameOf) => {
  const root = growTree(marked(numbers(100_000).map(nameOf), mixed));

  test('are a bounded number of lines', () => {
    expect(total(root.counts)).toBe(100_000);
    expect(rowsOf(root).length).toBeLessThanOrEqual(MOST_ROWS);
  });

  test('that add up', () => {
    expect(addsUp(rowsOf(root))).toBe(true);
  });
});

/** Whether the lines under each unfolded folder hold as many objects of each mark as it says. */
function addsUp(rows: readonly Row[]): boolean {
  return rows.every((row, at) => {
    const end = rows.findIndex((other, index) => index > at && other.depth <= row.depth);
    const under = rows.slice(at + 1, end < 0 ? undefined : end);
    const children = under.filter(({ depth }) => depth === row.depth + 1);
    if (under.length === 0) return true;
    return MARKS.every(
      (_, mark) => row.counts[mark] === children.reduce((sum, { counts }) => sum + (counts[mark] ?? 0), 0),
    );
  });
}

test('any keys at all are few lines that add up', () => {
  const key = fc.array(fc.constantFrom('a', 'b', '', '..', 'index.html', '__proto__', 'é'), {
    minLength: 1,
    maxLength: 20,
  });
  const entries = fc.array(fc.tuple(key, fc.constantFrom(...MARKS)), { maxLength: 200 });
  fc.assert(
    fc.property(entries, (all) => {
      const rows = rowsOf(growTree(new Map(all.map(([names, mark]) => [names.join('/'), mark]))));
      return rows.length <= MOST_ROWS && addsUp(rows);
    }),
  );
});

test('a very deep key is few lines', () => {
  const deep = numbers(500).join('/');
  const rows = rowsOf(growTree(marked([`${deep}/a`, `${deep}/b`, 'c'], mixed)));
  expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
  expect(Math.max(...rows.map(({ name }) => name.length))).toBeLessThan(130);
});

test.each([
  ['', '/'],
  ['docs/', 'docs/'],
  ['do', 'docs/'],
  ['a', '/'],
  ['docs/x', 'docs/'],
  ['gone/away', '/'],
])('a wildcard over what begins with "%s" is written at %s', (beginning, name) => {
  const root = growTree(marked(['docs/a', 'docs/b', 'a.html', 'api/x'], mixed));
  placeWildcard(root, beginning, 'THIS');
  expect(rowsOf(root).filter(({ wildcards }) => wildcards.includes('THIS'))).toMatchObject([{ name }]);
});

test('a wildcard over all is written at the root, also where that holds but one folder', () => {
  const root = growTree(marked(['docs/a', 'docs/b'], mixed));
  placeWildcard(root, '', '/*');
  expect(rowsOf(root)[0]).toMatchObject({ name: '/', wildcards: ['/*'] });
});

test('a wildcard in what is folded is shown where it is folded', () => {
  const root = growTree(marked(['a', ...numbers(20).flatMap((at) => [`x/y/${at}`, `x/z/${at}`])], () => 'wildcard'));
  placeWildcard(root, 'x/y/1', '/x/y/1*');
  expect(rowsOf(root).filter(({ wildcards }) => wildcards.length > 0)).toMatchObject([{ kind: 'folder', name: 'x/' }]);
});

test('a wildcard in a folder that has no line is shown where the others are counted', () => {
  const root = growTree(
    marked(
      numbers(200).map((at) => `${at % 20}/${at}`),
      mixed,
    ),
  );
  for (const at of numbers(20)) placeWildcard(root, `${at}/`, `/${at}/*`);
  const more = rowsOf(root).find(({ kind, depth }) => kind === 'more' && depth === 1);
  expect([more?.name, more?.wildcards.length, more?.furtherWildcards]).toEqual(['12', 3, 9]);
});

test('an object is covered under any of its paths', () => {
  const marks = markObjects(['a b', 'other'], {
    paths: ['/a+*'],
    changed: new Set(['a b']),
    waiting: new Set(),
    viewerPaths: (key) => [`/${encodeURI(key)}`, `/${key.replaceAll(' ', '+')}`],
  });
  expect([...marks.values()]).toEqual(['wildcard', 'untouched']);
});

test('steps stay bounded, and the newest and the first are kept', () => {
  let steps: Step[] = [];
  for (const at of numbers(5_000)) steps = addStep(steps, { at, stale: at, fresh: 0 });
  expect(steps.length).toBeLessThanOrEqual(MOST_STEPS);
  expect([steps.at(0)?.at, steps.at(-1)?.at]).toEqual([0, 4_999]);
});
