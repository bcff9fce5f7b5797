import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE_KEY, SAVED_QUERIES } from '../../lib/monitoring/queries';
import { RUNBOOKS } from '../../lib/monitoring/runbooks';
import { startFunction } from '../lambda/function';
import { message, s3Body } from '../lambda/messages';
import { runQuery } from '../lib/insights';
import { queriesIn } from '../lib/monitored';
import { only, synthesized } from '../lib/templates';

const MANUAL = readFileSync(join(__dirname, '../..', RUNBOOKS), 'utf8');

/** The only block of a section that is a query. */
function queryOf(heading: string): string {
  const [section = ''] = MANUAL.split(/^#+ /m).filter((text) => text.startsWith(`${heading}\n`));
  const [, query = '', more] = section.split(/^ *```text\n|^ *```$/m);
  expect(more).not.toContain('```text');
  return query.trim();
}

describe('the query of the runbook of function errors', () => {
  /** As Lambda writes it in JSON: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html */
  function platform(type: string, status: string, details: object = {}): string {
    const record = { requestId: '6d68ca91-49c9-448d-89b8-7ca3e6dc66aa', ...details, status };
    return JSON.stringify({ time: '2026-11-23T08:00:41.000Z', type: `platform.${type}`, record });
  }
  const metrics = { durationMs: 40_000, billedDurationMs: 40_000, memorySizeMB: 1024, maxMemoryUsedMB: 130 };
  const found = (lines: readonly string[]) => runQuery(queryOf('Function errors'), lines).map((row) => row['@message']);

  test('asks a log of JSON lines that has, of Lambda itself, what is a warning at least', () => {
    const { LoggingConfig } = only(synthesized(), 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' });
    expect(LoggingConfig).toMatchObject({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
  });

  test.each([
    ['a time-out, as it is reported', platform('report', 'timeout', { metrics })],
    ['a time-out, as the runtime ends', platform('runtimeDone', 'timeout', { metrics: { durationMs: 40_000 } })],
    ['a crash', platform('runtimeDone', 'error', { errorType: 'Runtime.ExitError' })],
    ['a want of memory', platform('report', 'error', { metrics, errorType: 'Runtime.OutOfMemory' })],
    ['an exception', platform('runtimeDone', 'failure')],
    ['a function that does not start', platform('initRuntimeDone', 'error', { initializationType: 'on-demand' })],
    ['what the runtime says of it', '{"timestamp":"2026-11-23T08:00:00.000Z","level":"FATAL","message":"no"}'],
    ['an error that the function logs', '{"timestamp":"2026-11-23T08:00:00.000Z","level":"ERROR","message":"no"}'],
  ])('finds %s', (_, line) => {
    const others = [
      platform('report', 'success', { metrics }),
      '{"timestamp":"2026-11-23T08:00:00.000Z","level":"INFO","message":"Waiting","why":"timeout"}',
      '{"timestamp":"2026-11-23T08:00:00.000Z","level":"WARN","message":"Message failed"}',
    ];
    expect(found([...others, line])).toEqual([line]);
  });
});

describe('the query for a key', () => {
  const query = SAVED_QUERIES.find(({ name }) => name === 'What covered this key');
  const literal = `'"${EXAMPLE_KEY}"'`;

  /** What the manual says to do with a key: the characters that a name usually has stay, and any others may be there. */
  const patternFor = (key: string) => `/"${key.replace(/[^\p{L}\p{N} _-]/gu, '.+')}"/`;

  test('is the one that the manual rewrites', () => {
    expect(query?.query.filterStatements?.[0]).toBe(`@message like ${literal}`);
    const [, key = ''] = /For the key `` (.*?) ``/.exec(MANUAL) ?? [];
    expect(key).toMatch(/["']/);
    expect(queryOf('Why is this object stale?')).toBe(`filter @message like ${patternFor(key)}`);
  });

  test.each([
    'say "hi".html',
    "it's.html",
    'back\\slash.html',
    'a/b\\"c\'d".html',
    'line\nend.html',
    'a\u202eb.html',
    '"',
  ])('finds %j in what the function logs', async (key) => {
    const running = await startFunction();
    const { written } = await running.receive([message('m1', s3Body(key)), message('m2', s3Body('other.html'))]);
    await running.stop();
    const lines = written.split('\n').filter((line) => line.startsWith('{"') && !line.includes('"_aws"'));
    const text = queriesIn(synthesized())['What covered this key']?.replace(literal, () => patternFor(key)) ?? '';
    const shown = text.replace(/\n\| display .*/, '');
    expect(runQuery(shown, lines).map((row) => row.message)).toEqual(['Invalidation accepted']);
  });
});

test.each(['a', 'é', '漢'])(
  'a line lists fifty keys, as the manual says, even the longest of %j',
  async (character) => {
    const length = (1024 - 2) / Buffer.byteLength(character);
    const keys = Array.from({ length: 60 }, (_, at) => `${at + 10}${character.repeat(length)}`);
    const running = await startFunction();
    const { log } = await running.receive(keys.map((key, at) => message(`m${at}`, s3Body(key))));
    await running.stop();
    const listed = log.filter(({ message: text }) => String(text).startsWith('Invalidation accepted'));
    expect(listed.map(({ keys: list }) => (list as string[]).length)).toEqual([50, 10]);
    expect(MANUAL).toContain('lists fifty at most');
  },
);
