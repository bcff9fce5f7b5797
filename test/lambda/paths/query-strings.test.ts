import { LONGEST_PATH } from '../../../lambda/contract/quotas';
import { withQueryStrings } from '../../../lambda/paths/query-strings';

test.each<[string, string[]]>([
  ['/a.html', ['/a.html', '/a.html?*']],
  ['/docs/', ['/docs/', '/docs/?*']],
  ['/', ['/', '/?*']],
  ['/js/runtime*', ['/js/runtime*']],
  ['/image?of=a.jpg', ['/image?of=a.jpg']],
])('%s with its query strings', (path, expected) => {
  expect(withQueryStrings(path)).toEqual(expected);
});

test('a path too long for its query strings is covered by a wildcard that fits', () => {
  const path = (length: number) => `/${'a'.repeat(length - 1)}`;
  expect(withQueryStrings(path(LONGEST_PATH - 2))).toHaveLength(2);
  expect(withQueryStrings(path(LONGEST_PATH - 1))).toEqual([`${path(LONGEST_PATH - 1)}*`]);
  expect(withQueryStrings(path(LONGEST_PATH))).toEqual([`${path(LONGEST_PATH - 1)}*`]);
});
