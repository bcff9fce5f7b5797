import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../../cli/did-you-mean';
import { sentencesOf } from '../docs/sentences';
import { command } from './command';

const COMMANDS = ['plan', 'doctor', 'verify', 'request', 'trace'];
const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));

/** Of its prose: not of what is indented, nor of the usage. */
function longSentences(help: string): string[] {
  const lines = help.split('\n').filter((line) => !/^(usage:| )/.test(line));
  return sentencesOf(lines.join('\n')).flatMap(({ text, words }) => (words < 25 ? [] : [text]));
}

test.each([['--help'], ['-h'], ['help']])('%s tells of every command', async (option) => {
  const { code, stdout, stderr } = await command([option]);
  expect([code, stderr]).toEqual([0, '']);
  expect(longSentences(stdout)).toEqual([]);
  for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
});

test.each(
  COMMANDS.flatMap((name) => [
    [name, '--help'],
    [name, '-h'],
  ]),
)('%s %s tells its options, examples and exit codes', async (name, option) => {
  const { code, stdout, stderr } = await command([name, '--nonsense', option]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(new RegExp(`^usage: cloudfront-invalidator ${name} `));
  expect(stdout).toMatch(
    new RegExp(
      `^(Example: |Examples:\n  (.* )?)cloudfront-invalidator ${name} |\\| cloudfront-invalidator ${name}`,
      'm',
    ),
  );
  expect(stdout).toMatch(/^Exit codes: 0, .*; 2, /m);
  expect(longSentences(stdout)).toEqual([]);
});

test('--version', async () => {
  expect(await command(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  [[], 'There is no command. cloudfront-invalidator --help lists the commands.\n'],
  [['pla'], 'There is no command "pla". Did you mean plan? cloudfront-invalidator --help lists the commands.\n'],
  [['vreify'], 'Did you mean verify?'],
  [['--hlep'], 'Did you mean --help?'],
  [['constructor'], 'There is no command "constructor". cloudfront-invalidator --help'],
  [
    ['verify', '--buckt', 'a'],
    'Unknown option --buckt. Did you mean --bucket? cloudfront-invalidator verify --help lists the options.\n',
  ],
  [['plan', '--nothing-like-it'], 'Unknown option --nothing-like-it. cloudfront-invalidator plan --help'],
  [['trace', '--deploy=3'], 'Did you mean --deploys?'],
  [['doctor', '--distribtuion', 'E1'], 'Did you mean --distribution?'],
  [['request', '--paths', '/a'], 'Did you mean --path?'],
])('%j is wrong, and it says what was meant', async (args, why) => {
  const { code, stdout, stderr } = await command(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
});

test.each([
  ['paln', 'plan'],
  ['verfy', 'verify'],
  ['verifyy', 'verify'],
  ['doc', 'doctor'],
  ['rquest', 'request'],
])('%s is near %s', (word, meant) => {
  expect(didYouMean(word, COMMANDS)).toBe(` Did you mean ${meant}?`);
});

test.each(['', 'x', 'deploy', 'invalidate', 'trap door'])('"%s" is near none', (word) => {
  expect(didYouMean(word, COMMANDS)).toBe('');
});
