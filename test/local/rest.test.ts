import { LONGEST_REST, restAfter, SHORTEST_REST } from '../../local/cli/rest';

test.each([
  ['a small folder', 5, 150, 150],
  ['a few thousand files', 100, 900, 150],
  ['fifty thousand files', 1_200, 2_000, 1_200],
  ['a slow disk', 60_000, 2_000, 2_000],
])('after a listing of %s (%i ms) it rests %i ms, or %i ms while something changes', (_, took, quiet, busy) => {
  expect([restAfter(took, false), restAfter(took, true)]).toEqual([quiet, busy]);
});

test('it never rests more than 2 s', () => {
  expect([SHORTEST_REST, LONGEST_REST]).toEqual([150, 2_000]);
});
