import { refetchAllowance } from '../../../lambda/plan/widening';
import { findNode } from '../../../lambda/tree/find-node';
import { pathTree } from '../../../lambda/tree/path-tree';
import { change } from '../small-sites';

const USUAL = 100;

/** How many times the usual number of objects may be evicted to save a path of a folder, by how often its messages were received. */
function widening(folders: Readonly<Record<string, readonly number[]>>, folder: string): number {
  const changed = Object.entries(folders).flatMap(([name, receives]) =>
    receives.map((receiveCount, at) => change(`${name}/${at}`, receiveCount)),
  );
  const tree = pathTree(changed.flatMap(({ paths }) => paths));
  const node = findNode(tree, `/${folder}*`);
  if (!node) throw new Error(`${folder} must have a node`);
  return refetchAllowance(tree, changed, USUAL)(node) / USUAL;
}

test.each<[string, number[], number]>([
  ['new', [1, 1, 1], 1],
  ['received three times, which repeats a request free of charge', [3, 3, 3], 1],
  ['received a fourth time', [4, 4, 4], 4],
  ['received a fifth time', [5, 5, 5], 16],
  ['received ten times, but for one', [10, 10, 1], 4 ** 7],
  ['received at different times: as often as their majority', [7, 6, 5, 4, 1], 4 ** 2],
  ['half new, half retried', [9, 9, 1, 1], 1],
  ['one that never succeeds, among new ones', [1000, 1, 1], 1],
  ['one that never succeeds, and another that was received four times', [1000, 4], 4],
  ['received for ever: worth the eviction of any bucket, but a number', [1e9, 1e9], 4 ** 16],
])('messages that are %s', (_, receives, times) => {
  expect(widening({ docs: receives }, 'docs/')).toBe(times);
});

test('a folder widens by its own messages, and what is above it by all', () => {
  const folders = { docs: [6, 6, 6], img: [1, 1], news: [1] };
  expect(widening(folders, 'docs/')).toBe(4 ** 3);
  expect(widening(folders, 'img/')).toBe(1);
  expect(widening(folders, '')).toBe(1);
  expect(widening({ ...folders, img: [4, 1] }, '')).toBe(4);
});

test('an object counts once, however many its paths and its messages', () => {
  const index = { ...change('docs/index.html', 9), paths: ['/docs/', '/docs/index.html', '/docs/i'] };
  const tree = pathTree(index.paths);
  const root = tree.nodes.at(-1);
  if (!root) throw new Error('The tree must have a root');
  expect(refetchAllowance(tree, [index, index], USUAL)(root)).toBe(USUAL);
});

test('of the messages of one object, the one that was received most often counts', () => {
  const [a, b] = ['docs/a', 'docs/b'];
  const changed = [change(a, 1), change(a, 5), change(b, 5), change(b, 1)];
  const tree = pathTree(changed.flatMap(({ paths }) => paths));
  const root = tree.nodes.at(-1);
  if (!root) throw new Error('The tree must have a root');
  expect(refetchAllowance(tree, changed, USUAL)(root)).toBe(16 * USUAL);
});
