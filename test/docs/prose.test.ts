import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellsOf, sentencesOf } from './sentences';

const PROJECT = join(__dirname, '../..');

/** History, and what is generated. README.md is not short yet. */
const EXEMPT = ['CHANGELOG.md', 'README.md'];

const pages = globSync(['**/*.md', '.github/**/*.md'], { cwd: PROJECT, exclude: ['node_modules', 'dist', 'cdk.out'] })
  .filter((page) => !EXEMPT.includes(page))
  .toSorted();

const textOf = (page: string) => readFileSync(join(PROJECT, page), 'utf8');

test('the pages are found', () => {
  expect(pages).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'docs/operations.md', 'test/schedules/README.md']));
});

test.each(pages)('no sentence of %s has 25 words', (page) => {
  const long = sentencesOf(textOf(page)).filter(({ words }) => words >= 25);
  expect(long.map(({ line, words, text }) => `${page}:${line}: ${words} words: ${text}`)).toEqual([]);
});

test.each(pages)('no cell of %s has three sentences, or more than 30 words', (page) => {
  const long = cellsOf(textOf(page)).filter(({ sentences, words }) => sentences > 2 || words > 30);
  expect(long.map(({ line, words, text }) => `${page}:${line}: ${words} words: ${text}`)).toEqual([]);
});

const words = (count: number) => Array.from({ length: count }, (_, at) => `w${at}`).join(' ');

describe('a sentence', () => {
  const counted = (page: string) => sentencesOf(page).map((each) => each.words);

  test.each([
    ['of 25 words', `${words(25)}.`, [25]],
    ['on two lines', `${words(12)}\n${words(13)}.`, [25]],
    ['before another', 'One two. Three.', [2, 1]],
    ['before a number', 'It takes a while. 30 s are too long.', [4, 5]],
    ['before code', 'One two. `three` four.', [2, 2]],
    ['in bold', '**Look.** One two.', [1, 2]],
    ['with a colon and a semicolon', 'One: two; three.', [3]],
    ['with a file, a number and an abbreviation', 'Read a.md, i.e. all 2.5 MB.', [6]],
    ['with a link', '[One two](https://a.b/c. D) three.', [3]],
    ['that ends in a link', 'One [two.](a.md) Three.', [2, 1]],
    ['with code', 'One `two three. Four` and `` `x` y ``.', [4]],
    ['with code on two lines', 'One `two\nthree` four.', [3]],
    ['with symbols', '1 + 2 → 3 — done.', [4]],
    ['that an item of a list ends', '- one two\n- three\n  four\n1. five', [2, 2, 1]],
    ['that a heading ends', '# One\nTwo three', [1, 2]],
    ['that a cell ends', '| one two | three \\| 3 |\n|---|---|\n| `a \\| b` | |', [2, 2, 1]],
    ['in quotation marks', '"One two." Three.', [2, 1]],
    ['that asks', 'One two? Three!', [2, 1]],
    ['beside code', 'One.\n\n```sh\nnpm ci and so on.\n```\n\n    1 + 1 = 2\n\nTwo.', [1, 1]],
    ['in an item after a blank line', '1. One.\n\n   Two three.\n\n    Four.', [1, 2, 1]],
    ['beside a comment', 'One.\n\n<!-- two\nthree -->\nFour.', [1, 1]],
  ])('%s is counted', (_, page, expected) => expect(counted(page)).toEqual(expected));

  test('is named by the line that it begins on', () => {
    const found = sentencesOf('# A\n\nOne `b\nc`. Two\nthree. Four.\n\n| five |\n');
    expect(found.map(({ line, text }) => `${line} ${text}`)).toEqual([
      '1 A',
      '3 One `b c`.',
      '4 Two three.',
      '5 Four.',
      '7 five',
    ]);
  });
});

test('a cell has its sentences and words', () => {
  expect(cellsOf('| One two. Three. Four | [five](a.md) |\n|---|---|')).toEqual([
    { line: 1, text: 'One two. Three. Four', words: 4, sentences: 3 },
    { line: 1, text: '[five](a.md)', words: 1, sentences: 1 },
  ]);
});
