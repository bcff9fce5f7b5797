import { CONTEXT_RULES } from '../../lib/app/context';
import { CONSTRUCT_RULES } from '../../lib/options/options';
import { ORIGIN_RULES } from '../../lib/options/origin';
import { PAGES } from './pages';

const PAGE = PAGES.get('docs/configuration.md') ?? '';

/** The names in a column of the tables of options. */
const namesIn = (column: number) =>
  Array.from(PAGE.matchAll(/^\|(.*)\|$/gm), ([, row = '']) => row.split('|')[column] ?? '').flatMap((cell) =>
    Array.from(cell.matchAll(/`([\w[\].]+)`/g), ([, name = '']) => name),
  );

test('every option of the context has a row, and no other', () => {
  expect(namesIn(0).toSorted()).toEqual(Object.keys(CONTEXT_RULES).toSorted());
});

test('every option of the construct has a row, and no other', () => {
  const ofOrigins = Object.keys(ORIGIN_RULES).map((name) => `origins[].${name}`);
  expect(namesIn(1).toSorted()).toEqual([...Object.keys(CONSTRUCT_RULES), ...ofOrigins].toSorted());
});
