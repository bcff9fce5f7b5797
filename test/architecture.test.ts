import { basename, join } from 'node:path';
import { Project } from 'ts-morph';
import { circlesIn, type Imports, importsOf, sourcesIn } from './imports';

const PROJECT = join(__dirname, '..');

/** The folders of lambda/, lowest first: a file imports from its own and from those before it. Files in none are on top. */
const FLOORS = [
  'contract',
  'distribution',
  'paths',
  'event',
  'tree',
  'bucket',
  'plan',
  'cloudfront',
  'telemetry',
  'dispatch',
  'completion',
];

/** Folders of lib/, and which of the others they do not import from. From app/ only bin/ imports, and app/ itself. */
const LIB_ROOMS: Readonly<Record<string, readonly string[]>> = {
  synthesis: ['source', 'distribution', 'monitoring'],
  options: ['source', 'distribution', 'monitoring'],
  source: ['distribution', 'monitoring'],
  distribution: ['source', 'monitoring'],
  monitoring: ['source', 'distribution'],
};

/** What a name does not say, and what it says instead. */
const FORBIDDEN_WORDS: Readonly<Record<string, string>> = {
  asked: 'sent',
  census: 'inventory',
  kin: 'alias neighbors',
  knowledge: 'listing progress',
  means: 'dependencies',
  part: 'path group',
  parts: 'path groups',
  patience: 'refetch allowance',
  place: 'find node',
  places: 'nodes',
  refusal: 'API error',
  refusals: 'API errors',
  spares: 'forbids single-object wildcards',
  sparing: 'forbidding single-object wildcards',
  strain: 'pacing',
  survey: 'next listings',
};

/** Whole names that do not say what they are. */
const FORBIDDEN_NAMES: Readonly<Record<string, string>> = {
  byReceipt: 'splitNewFromRetried',
  found: 'unchangedFound',
  halves: 'bisect',
  Invalidating: 'a port named for what it does',
  isOutOfOrder: 'isCircuitOpen',
  kinds: 'splitByQuota',
  known: 'coverage',
  passed: 'changedListed',
  passedWays: 'branchesListed',
  Requesting: 'a port named for what it does',
  Return: 'MessageFailure',
  seconds: 'splitByRate',
  SITE: 'ASSUMED_OBJECTS',
  tooEarlyBy: 'requiredDelay',
  WAYS: 'ASSUMED_BRANCHING',
  WideTooEarly: 'Paced',
};

/** A rule: what breaks it, a line each. */
type Rule = (imports: Imports) => string[];

const RULES: Readonly<Record<string, Rule>> = {
  'no file of lambda/ imports from a higher floor, or from outside': edges((from, to) => {
    if (!from.startsWith('lambda/')) return false;
    return to.startsWith('lambda/') ? floorOf(to) > floorOf(from) : isOurs(to);
  }),
  'every folder of lambda/ has its floor': (imports) =>
    [...imports.keys()].filter((file) => file.startsWith('lambda/') && floorOf(file) < 0),
  'the contract imports nothing': edges(
    (from, to) => from.startsWith('lambda/contract/') && !to.startsWith('lambda/contract/'),
  ),
  'lib/ imports of lambda/ the contract alone, and nothing else of ours': edges(
    (from, to) => from.startsWith('lib/') && isOurs(to) && !/^(lib|lambda\/contract)\//.test(to),
  ),
  'the folders of lib/ keep their order': edges((from, to) => {
    if (!from.startsWith('lib/')) return false;
    const [, room = ''] = from.split('/');
    if (room !== 'app' && to.startsWith('lib/app/')) return true;
    return LIB_ROOMS[room]?.some((other) => to.startsWith(`lib/${other}/`)) ?? false;
  }),
  'no files of lambda/ and lib/ import each other in a circle': (imports) =>
    circlesIn(new Map([...imports].filter(([file]) => /^(lambda|lib)\//.test(file)))).map((circle) =>
      circle.join(' ↔ '),
    ),
  'cli/, which is published, imports lambda/, and nothing else of ours': edges(
    (from, to) => from.startsWith('cli/') && isOurs(to) && !/^(cli|lambda)\//.test(to),
  ),
  'no test imports from bench/': edges((from, to) => from.startsWith('test/') && to.startsWith('bench/')),
  'nothing but its tests imports from e2e/': edges(
    (from, to) => to.startsWith('e2e/') && !/^(e2e|test\/e2e)\//.test(from),
  ),
  'no script imports from test/': edges((from, to) => from.startsWith('scripts/') && to.startsWith('test/')),
};

function edges(isForbidden: (from: string, to: string) => boolean): Rule {
  return (imports) =>
    Array.from(imports).flatMap(([from, all]) =>
      all.filter((to) => isForbidden(from, to)).map((to) => `${from} → ${to}`),
    );
}

function isOurs(path: string): boolean {
  return /^(bench|bin|cli|e2e|lambda|lib|local|scripts|test)\//.test(path);
}

/** -1: none. */
function floorOf(file: string): number {
  const [, folder, ...deeper] = file.split('/');
  return deeper.length === 0 ? FLOORS.length : FLOORS.indexOf(folder ?? '');
}

/** What is wrong with a name, if anything is. */
function faultOf(name: string): string[] {
  const whole = Object.keys(FORBIDDEN_NAMES).find((each) => each.toLowerCase() === name.toLowerCase());
  const words = wordsOf(name).filter((word) => Object.hasOwn(FORBIDDEN_WORDS, word));
  return [
    ...(whole ? [`${name}: say ${FORBIDDEN_NAMES[whole]}`] : []),
    ...words.map((word) => `${name}: for "${word}" say "${FORBIDDEN_WORDS[word]}"`),
  ];
}

/** Of names in any case: `maxPathsPerDay`, `MAX_PATHS`, `max-paths`. */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase());
}

const sources = sourcesIn(PROJECT, ['bench', 'bin', 'cli', 'e2e', 'lambda', 'lib', 'local', 'scripts', 'test']);
const imports = importsOf(PROJECT, sources);

test.each(Object.entries(RULES))('%s', (_, rule) => {
  expect(rule(imports)).toEqual([]);
});

const named = sources.filter((source) => /^\/(lambda|lib)\//.test(source.getFilePath().slice(PROJECT.length)));

test('no file of lambda/ and lib/ has a name that its field does not use', () => {
  expect(named.flatMap((source) => faultOf(basename(source.getFilePath(), '.ts')))).toEqual([]);
});

test('nothing that lambda/ and lib/ export has such a name', () => {
  const exported = named.flatMap((source) => [...source.getExportedDeclarations().keys()]);
  expect(exported.length).toBeGreaterThan(100);
  expect(exported.flatMap(faultOf)).toEqual([]);
});

describe('what breaks a rule is found:', () => {
  test.each<[rule: string, from: string, to: string[]]>([
    ['no file of lambda/ imports from a higher floor, or from outside', 'lambda/paths/a.ts', ['lambda/event/b.ts']],
    ['no file of lambda/ imports from a higher floor, or from outside', 'lambda/dispatch/a.ts', ['lambda/handler.ts']],
    ['no file of lambda/ imports from a higher floor, or from outside', 'lambda/index.ts', ['lib/timing.ts']],
    ['the contract imports nothing', 'lambda/contract/a.ts', ['picomatch']],
    ['lib/ imports of lambda/ the contract alone, and nothing else of ours', 'lib/a.ts', ['lambda/paths/alias.ts']],
    ['the folders of lib/ keep their order', 'lib/options/a.ts', ['lib/source/b.ts']],
    ['the folders of lib/ keep their order', 'lib/queues.ts', ['lib/app/context.ts']],
    ['cli/, which is published, imports lambda/, and nothing else of ours', 'cli/a.ts', ['lib/options/rules.ts']],
    ['no test imports from bench/', 'test/lambda/a.test.ts', ['bench/bucket.ts']],
    ['nothing but its tests imports from e2e/', 'local/main.ts', ['e2e/run.ts']],
    ['no script imports from test/', 'scripts/a.ts', ['test/page/browser.ts']],
  ])('%s: %s → %j', (rule, from, to) => {
    expect(RULES[rule]?.(new Map([[from, to]]))).toEqual([`${from} → ${to[0]}`]);
  });

  test('a folder without a floor', () => {
    expect(RULES['every folder of lambda/ has its floor']?.(new Map([['lambda/utils/a.ts', []]]))).toHaveLength(1);
  });

  test('a circle, at whatever distance, and none where two ways lead to one file', () => {
    const rule = RULES['no files of lambda/ and lib/ import each other in a circle'] as Rule;
    const circle = {
      'lib/a.ts': ['lib/b.ts'],
      'lib/b.ts': ['lib/c.ts'],
      'lib/c.ts': ['lib/a.ts'],
      'lib/d.ts': ['lib/a.ts'],
    };
    expect(rule(new Map(Object.entries(circle)))).toEqual(['lib/a.ts ↔ lib/b.ts ↔ lib/c.ts']);
    const diamond = { 'lib/a.ts': ['lib/b.ts', 'lib/c.ts'], 'lib/b.ts': ['lib/d.ts'], 'lib/c.ts': ['lib/d.ts'] };
    expect(rule(new Map(Object.entries(diamond)))).toEqual([]);
  });

  test('imports in every form, of types too', () => {
    const project = new Project({ useInMemoryFileSystem: true });
    const text = `import type { A } from './a'; import './b'; export * from './c'; export type { D } from './d';
      type E = import('./e').E; const f = import('./f'); import { type G } from '../g'; import fs from 'node:fs';`;
    const source = project.createSourceFile('/lambda/plan/x.ts', text);
    expect(importsOf('/', [source]).get('lambda/plan/x.ts')?.toSorted()).toEqual([
      'lambda/g',
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `lambda/plan/${name}`),
      'node:fs',
    ]);
  });

  test.each(['strain', 'path-part', 'REFUSAL_NAMES', 'firstPlace', 'Kin', 'Return', 'WAYS', 'invalidating'])(
    'the name %s',
    (name) => {
      expect(faultOf(name)).toHaveLength(1);
    },
  );

  test.each(['placement', 'partition', 'replaceAll', 'MessageFailure', 'returned', 'kindOf'])('not %s', (name) => {
    expect(faultOf(name)).toEqual([]);
  });
});
