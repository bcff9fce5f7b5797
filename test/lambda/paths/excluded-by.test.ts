import { excludedBy } from '../../../lambda/paths/excluded-by';

test.each<[string[], string, boolean]>([
  [[], 'a', false],
  [['assets/**'], 'assets/x/.y.js', true],
  [['assets/**', '!assets/logo.png'], 'assets/logo.png', false],
  [['assets/**', '!assets/logo.png'], 'assets/other.png', true],
  [['assets/**', '!assets/logo.png'], 'index.html', false],
  [['!assets/logo.png', 'assets/**'], 'assets/logo.png', true],
  [['**', '!**/*.html', 'drafts/**'], 'a/b.html', false],
  [['**', '!**/*.html', 'drafts/**'], 'drafts/b.html', true],
  [['**', '!**/*.html', 'drafts/**'], 'b.css', true],
  [['!a.html'], 'a.html', false],
  [['!a.html'], 'b.html', false],
  [['\\!a.html'], '!a.html', true],
  [['*.map', '!keep.map', 'keep.map'], 'keep.map', true],
])('%j excludes %s: %s', (globs, name, expected) => {
  expect(excludedBy(globs)(name)).toBe(expected);
});
