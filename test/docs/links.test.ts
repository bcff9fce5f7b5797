import { join } from 'node:path';
import { PAGES } from './pages';

/** The fragment that GitHub makes of a heading. */
function fragmentOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function fragmentsOf(page: string): string[] {
  const prose = page.replace(/^ *```.*?^ *```/gms, '');
  return Array.from(prose.matchAll(/^#+ (.*)$/gm), ([, heading = '']) => fragmentOf(heading));
}

test.each([...PAGES])('every section that %s links exists', (name, page) => {
  const links = Array.from(page.matchAll(/\]\(([^):#\s]*\.md)?#([^)\s]+)\)/g), ([, to, fragment = '']) => ({
    page: to === undefined ? name : join(name, '..', to),
    fragment,
  }));
  const broken = links.filter((to) => !fragmentsOf(PAGES.get(to.page) ?? '').includes(to.fragment));
  expect(broken).toEqual([]);
});

test('links to sections are found', () => {
  const links = [...PAGES.values()].join('\n').match(/\]\([^):\s]*#[^)\s]+\)/g) ?? [];
  expect(links.length).toBeGreaterThan(50);
});
