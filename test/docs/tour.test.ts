import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PORTS } from '../../local/cli/arguments';
import { captionsIn } from '../../scripts/picture-in-markdown';
import { descriptionOf } from '../../scripts/png-description';
import { PAGES } from './pages';
import { TOUR } from './tour-stops';

const page = PAGES.get('docs/tour.md') ?? '';
const picture = readFileSync(join(__dirname, '../../docs/page.png'));

const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
const words = (text: string) => text.split(/\s+/).filter((word) => /\w/.test(word));
const withoutPicture = (text: string) => text.replaceAll(/!\[[^\]]*\]\([^)]*\)/g, '');

test('the stops of docs/tour.md are those of the page, word by word', () => {
  const items = Array.from(page.matchAll(/^\d+\. (.*\n(?: {3}.*\n)*)/gm), ([, item = '']) => inOneLine(item));
  expect(items.map((item) => item.replaceAll('`', ''))).toEqual(TOUR.map(({ title, text }) => `**${title}.** ${text}`));
});

test('the tour takes a minute: six stops or seven, each a sentence or two, all short', () => {
  expect(TOUR.length).toBeGreaterThanOrEqual(6);
  expect(TOUR.length).toBeLessThanOrEqual(7);
  for (const { text } of TOUR) {
    const sentences = text.split(/(?<=[.!?]) /);
    expect([text, sentences.length <= 2, sentences.every((each) => words(each).length < 25)]).toEqual([
      text,
      true,
      true,
    ]);
  }
  const length = words(TOUR.map(({ title, text }) => `${title} ${text}`).join(' ')).length;
  expect(length).toBeGreaterThanOrEqual(150);
  expect(length).toBeLessThanOrEqual(180);
  expect(words(withoutPicture(page)).length).toBeLessThanOrEqual(200);
});

test.each(['stale', 'dead-letter queue', 'invalidation', 'lease', 'path', 'wildcard', 'evicted', 'edge', 'key'])(
  'the tour explains %s',
  (term) => expect(TOUR.map(({ text }) => text).join(' ')).toContain(term),
);

test('the address of docs/tour.md is that of `npm start`', () => {
  expect(page).toContain(`\`http://127.0.0.1:${DEFAULT_PORTS.page}/\``);
});

test('the caption of docs/tour.md is the one that `npm run screenshot` has written into the picture', () => {
  expect(descriptionOf(picture)).toMatch(/\d/);
  expect(captionsIn(page)).toEqual([descriptionOf(picture)]);
});

test('wherever else the picture is, its caption has no number that is not in the picture', () => {
  const numbers = (text = ''): string[] => text.match(/\d[\d,.]*\d|\d/g) ?? [];
  const shown = numbers(descriptionOf(picture));
  const captions = [...PAGES].flatMap(([name, text]) => captionsIn(text).map((caption) => [name, caption] as const));
  for (const [name, caption] of captions)
    expect([name, numbers(caption).filter((each) => !shown.includes(each))]).toEqual([name, []]);
});

test('the picture is small enough for a page', () => {
  expect(picture.length).toBeLessThan(300_000);
});
