import fc from 'fast-check';
import { coverage } from '../../../lambda/paths/coverage';
import { commonLength } from '../../../lambda/tree/character-boundary';
import { findNode } from '../../../lambda/tree/find-node';
import {
  ownPathCount,
  type PathNode,
  type PathTree,
  pathCount,
  pathTree,
  prefixOf,
  wildcardOf,
} from '../../../lambda/tree/path-tree';

const PIECES = ['a', 'b', 'ab', '/', '//', '%20', '%E2%82%AC', '%C3%A9', '%C3%A8', '*', '?*', 'x'.repeat(30), '\x7f'];
const ODD = ['\u0000', 'é', 'ÿ', 'Ā', '€', '\u{1f600}', '\u{1f601}', '\uff5e'];

const pathsOf = (pieces: readonly string[], maxLength: number) =>
  fc.array(
    fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((all) => `/${all.join('')}`),
    { maxLength, size: 'max' },
  );

const isWildcard = (path: string) => path.endsWith('*');
const stemOf = (path: string) => path.replace(/\*$/, '');
const nodeNames = (tree: PathTree) => tree.nodes.map((node) => wildcardOf(tree, node));

/** Unique and sorted, without what a wildcard among them covers. */
function uncovered(paths: readonly string[]): string[] {
  const all = [...new Set(paths)];
  const isCovered = (path: string) => coverage(all.filter((other) => other !== path && isWildcard(other)))(path);
  return all.filter((path) => isCovered(path) === undefined).sort();
}

/** The wildcards of the longest common prefixes of every two paths, and those that are needed. */
function bruteForce(paths: readonly string[]): string[] {
  const shared = paths.flatMap((one, at) =>
    paths.slice(at + 1).map((other) => `${one.slice(0, commonLength(one, other))}*`),
  );
  return [...new Set([...shared, ...paths.filter(isWildcard)])].sort();
}

function expectTree(given: readonly string[]): void {
  const tree = pathTree(given);
  expect(tree.paths).toEqual(uncovered(given));
  expect(nodeNames(tree).sort()).toEqual(bruteForce(tree.paths));
  for (const [at, node] of tree.nodes.entries()) expectNode(tree, node, at);
  for (const path of tree.paths) expectDeepest(tree, path);
}

function expectNode(tree: PathTree, node: PathNode, at: number): void {
  const { first, end, parent, children, isForced } = node;
  const prefix = prefixOf(tree, node);
  const isUnder = (path: string) => stemOf(path).startsWith(prefix);
  expect(tree.paths.map(isUnder)).toEqual(tree.paths.map((_, path) => path >= first && path < end));
  expect(isForced).toBe(tree.paths.includes(`${prefix}*`));
  expect(isForced ? [pathCount(node), children.length] : [pathCount(node) > 1]).toEqual(isForced ? [1, 0] : [true]);
  // Children come before their parents, in the order of their paths, and do not overlap.
  expect(parent === undefined).toBe(at === tree.nodes.length - 1);
  if (parent) expect(parent.children.filter((child) => child === node)).toHaveLength(1);
  for (const child of children) {
    expect(child.parent).toBe(node);
    expect(tree.nodes.indexOf(child)).toBeLessThan(at);
    expect(child.length).toBeGreaterThan(node.length);
  }
  const bounds = children.flatMap((child) => [child.first, child.end]);
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  const own = tree.paths
    .slice(first, end)
    .filter((_, path) => !children.some((c) => c.first <= first + path && first + path < c.end));
  expect(ownPathCount(node)).toBe(own.length);
}

/** A path is found under the node with the longest prefix that it begins with. */
function expectDeepest(tree: PathTree, path: string): void {
  const found = findNode(tree, path);
  const prefixes = tree.nodes.map((node) => prefixOf(tree, node)).filter((prefix) => stemOf(path).startsWith(prefix));
  const longest = Math.max(0, ...prefixes.map(({ length }) => length));
  expect(found?.length ?? 0).toBe(longest);
}

describe('the tree of some paths has a node for each longest common prefix, and for each wildcard that is needed', () => {
  test('few of them', () => {
    fc.assert(fc.property(pathsOf(PIECES, 8), expectTree), { numRuns: 500 });
  });

  test('many of them', () => {
    fc.assert(fc.property(pathsOf(['a', 'b', '/', '*'], 60), expectTree), { numRuns: 50 });
  });

  test('with characters that do not fit into a byte', () => {
    fc.assert(fc.property(pathsOf([...PIECES, ...ODD], 12), expectTree), { numRuns: 300 });
  });

  test('when they are long and all but the same', () => {
    expectTree(Array.from({ length: 60 }, (_, at) => `/${'a/'.repeat((at * 7) % 90)}${at % 50}`));
  });
});

test('the order of the paths, and how often they come, makes no other tree', () => {
  fc.assert(
    fc.property(pathsOf(PIECES, 12), (paths) => {
      const again = pathTree([...paths, ...paths].reverse());
      expect(again).toEqual(pathTree(paths));
    }),
  );
});

test.each<[string, string[], string[], string[]]>([
  ['nothing', [], [], []],
  ['one path', ['/a'], ['/a'], []],
  ['one that needs a wildcard', ['/a*'], ['/a*'], ['/a*']],
  ['two under a folder', ['/a/1', '/a/2', '/b'], ['/a/1', '/a/2', '/b'], ['/a/*', '/*']],
  ['a path, and another one that begins with it', ['/ab', '/a'], ['/a', '/ab'], ['/a*']],
  ['a wildcard over others', ['/a', '/ab', '/a*', '/b'], ['/a*', '/b'], ['/a*', '/*']],
  ['a wildcard over wildcards', ['/a*', '/a/b*', '/a!*'], ['/a*'], ['/a*']],
  ['a wildcard that sorts behind what it covers', ['/a!', '/a*', '/a b'], ['/a*'], ['/a*']],
  ['a wildcard over everything', ['/*', '/a', '/b*'], ['/*'], ['/*']],
  ['a star that is no wildcard', ['/a*b', '/a*c'], ['/a*b', '/a*c'], ['/a**']],
  ['query strings', ['/a.html', '/a.html?*'], ['/a.html', '/a.html?*'], ['/a.html?*', '/a.html*']],
  ['half of an encoded character in common', ['/%C3%A9', '/%C3%A8'], ['/%C3%A8', '/%C3%A9'], ['/*']],
  ['half of a surrogate pair in common', ['/\u{1f600}', '/\u{1f601}'], ['/\u{1f600}', '/\u{1f601}'], ['/*']],
])('the tree of %s', (_, given, paths, nodes) => {
  const tree = pathTree(given);
  expect([tree.paths, nodeNames(tree)]).toEqual([paths, nodes]);
});

test('no node is found for a path outside of the tree', () => {
  const tree = pathTree(['/a/1', '/a/2']);
  expect(findNode(tree, '/b')).toBeUndefined();
  expect(findNode(pathTree(['/a']), '/a')).toBeUndefined();
  expect(findNode(tree, '/a*')).toBeUndefined();
});
