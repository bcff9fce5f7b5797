import { coverage } from '../../../lambda/paths/coverage';

test.each([
  ['/a.html', ['/a.html'], '/a.html'],
  ['/a/b.html', ['/a/*', '/b.html'], '/a/*'],
  ['/a/*', ['/a/*'], '/a/*'],
  ['/a/b*', ['/a/*'], '/a/*'],
  ['/a.html', ['/a.htm', '/b*'], undefined],
  ['/axb', ['/a*b'], undefined],
  ['/a*b', ['/a*b'], '/a*b'],
  // What begins with a star is less than everything.
  ['/*', ['/**'], undefined],
  ['/**', ['/*'], '/*'],
])('%s, of %j, is covered by %s', (path, plan, cover) => {
  expect(coverage(plan)(path)).toBe(cover);
});
