import { posix } from 'node:path';
import { PAGES } from './pages';

/** The fragments of a page's headings, as GitHub makes them. */
const fragmentsOf = (page: string) =>
  Array.from(page.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each([...PAGES.keys()])('every heading that %s links exists', (name) => {
  const page = PAGES.get(name) ?? '';
  const links = Array.from(page.matchAll(/\]\(([^):#\s]*)#([^)\s]+)\)/g), ([, file = '', fragment = '']) => ({
    file: file === '' ? name : posix.join(posix.dirname(name), file),
    fragment,
  }));
  const broken = links.filter(({ file, fragment }) => {
    const linked = PAGES.get(file);
    return linked !== undefined && !fragmentsOf(linked).includes(fragment);
  });
  expect(broken).toEqual([]);
});

test.each([...PAGES.keys()].filter((name) => name !== 'docs/api.md'))(
  'no line of %s has more than 120 characters, outside of tables and code',
  (name) => {
    const prose = (PAGES.get(name) ?? '').replace(/^ *```.*?^ *```/gms, (code) => code.replace(/.+/g, ''));
    const lines = prose.split('\n').map((text, at) => ({ line: at + 1, text }));
    expect(lines.filter(({ text }) => text.length > 120 && !text.startsWith('|'))).toEqual([]);
  },
);
