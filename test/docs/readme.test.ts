import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTEXT_RULES } from '../../lib/app/context';
import { CONSTRUCT_RULES } from '../../lib/options/options';
import { ORIGIN_RULES } from '../../lib/options/origin';
import { npmRun } from '../bench/run';
import { synthesized } from '../lib/templates';
import { PAGES } from './pages';
import { commandsOf } from './printed-commands';
import { sentencesOf } from './sentences';

const README = PAGES.get('README.md') ?? '';

/** What somebody reads who has not seen it work yet: the local run, then the deployment. */
const [PATH = ''] = README.split(/^(?=## In your own CDK app$)/m);

const countWords = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;

describe('the way to a first success', () => {
  test('is one snippet, one picture, one command on this machine and one deployment', () => {
    expect(PATH.match(/^```ts$/gm)).toHaveLength(1);
    expect(PATH.match(/!\[|```mermaid/g)).toEqual(['![']);
    expect(commandsOf(PATH).filter((command) => !command.startsWith('aws '))).toEqual([
      'npm ci && npm start',
      'npx cdk deploy',
    ]);
  });

  test('has fewer than 400 words, of everything that is in the source', () => {
    expect(countWords(PATH)).toBeLessThan(400);
  });

  test('has three links, options and decisions at most', () => {
    const prose = PATH.replace(/^```.*?^```/gms, '').replace(/!\[[^\]]*\]\([^)]*\)/g, '');
    const links = prose.match(/\]\(|<https?:/g) ?? [];
    const names = Object.keys({ ...CONTEXT_RULES, ...CONSTRUCT_RULES, ...ORIGIN_RULES }).join('|');
    const options = prose.match(new RegExp(`\`(?:${names})\\b|\`(?:npm|npx) [^\`]*? -c `, 'g')) ?? [];
    const decisions = prose.match(/\b(?:if you|unless|either|choose|alternatively|whether|optional)\b/gi) ?? [];
    expect([...links, ...options, ...decisions].length).toBeLessThanOrEqual(3);
  });
});

test('it is read in minutes: it has 1,200 words at most', () => {
  expect(countWords(README)).toBeLessThanOrEqual(1_200);
});

test('no sentence of it has 25 words', () => {
  const long = sentencesOf(README).filter(({ words }) => words >= 25);
  expect(long.map(({ line, words, text }) => `${line}: ${words} words: ${text}`)).toEqual([]);
});

describe('why not `/*`', () => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const chart = join(folder, 'planner.svg');
  const { stdout } = npmRun('bench', ['planner', '--chart', chart]);
  /** Rule, paths, dollars, unchanged objects evicted, and these together in paths. */
  const rowsOf = (text: string) =>
    Array.from(text.matchAll(/^\|(.*)\|$/gm), ([, row = '']) => row.split('|').map((cell) => cell.trim()));

  test('is answered with numbers that `npm run bench -- planner` prints', () => {
    const printed = rowsOf(stdout).map((row) => row.slice(0, 5));
    const shown = rowsOf(PATH).slice(2);
    expect(shown.map(([rule]) => rule)).toEqual(['one `/*` per deploy', 'one path per object', 'this planner']);
    expect(printed).toEqual(expect.arrayContaining(shown));
    expect(stdout).toContain(`1 site, ${/(\d+) deploys of a made-up site/.exec(PATH)?.[1]} deploys\n`);
  });

  test('is answered with the cost that the chart draws, as a multiple of the least possible', () => {
    const costOf = (rule: string) => {
      const cost = rowsOf(stdout).find(([name]) => name === rule)?.[4];
      return Number(cost?.replaceAll(',', ''));
    };
    const drawn = readFileSync(chart, 'utf8');
    const multipleOf = (rule: string) => {
      const bar = drawn.split('\n').find((line) => line.includes(`>${rule.replaceAll('`', '')}<`));
      return Number(/([\d.]+) ×<\/text>/.exec(bar ?? '')?.[1]);
    };
    const rules = rowsOf(PATH)
      .slice(2)
      .map(([rule = '']) => rule);
    const multiples = rules.map((rule) => costOf(rule) / costOf('optimum, knowing the whole bucket'));
    expect(rules.map((rule, at) => (multiples[at] ?? 0) / multipleOf(rule))).toEqual(
      rules.map(() => expect.closeTo(1, 2)),
    );
    expect(Math.min(...multiples)).toBe(multiples[rules.indexOf('this planner')]);
  });

  test('is drawn by the bench: --chart docs/planner.svg draws it anew', () => {
    expect(readFileSync(chart, 'utf8')).toBe(readFileSync(join(__dirname, '../../docs/planner.svg'), 'utf8'));
  });
});

test('the names that it and the page on deploying take from the outputs are among them', () => {
  const outputs = Object.keys(synthesized().findOutputs('*'));
  const pages = `${README}${PAGES.get('docs/deploy.md')}`;
  const taken = Array.from(pages.matchAll(/\b[A-Z]+(?:_[A-Z]+)*_(?:NAME|ID)\b/g), ([name]) => name);
  expect(new Set(taken).size).toBeGreaterThan(2);
  const nameOf = (placeholder: string) =>
    placeholder.replace(/([A-Z])([A-Z]*)_?/g, (_, first: string, rest: string) => first + rest.toLowerCase());
  expect(outputs).toEqual(expect.arrayContaining(taken.map(nameOf)));
});

test('its Python names what there is in TypeScript', () => {
  const [, python = ''] = /^```python\n(.*?)^```/ms.exec(README) ?? [];
  expect(python).toMatch(/^from cloudfront_invalidator import CloudFrontInvalidator, InvalidatorOrigin$/m);
  expect(python).toMatch(/^class SiteStack\(Stack\):$/m);
  const [, origin = ''] = /InvalidatorOrigin\((.*?)\)/.exec(python) ?? [];
  const keywords = Array.from(origin.matchAll(/(\w+)=/g), ([, name = '']) => name);
  expect(keywords).toEqual(['bucket', 'distribution']);
  expect(ORIGIN_RULES).toMatchObject(Object.fromEntries(keywords.map((name) => [name, expect.any(Function)])));
  expect(CONSTRUCT_RULES).toHaveProperty(['origins']);
  expect(python).toContain('origins=[');
});
