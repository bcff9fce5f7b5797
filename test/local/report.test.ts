import { inspect, stripVTControlCharacters } from 'node:util';
import { createReport } from '../../local/cli/report';
import { readLogLine } from '../../local/log-line';
import { message } from '../lambda/messages';

test('a change that an upload has told of is not shown, however late it comes; the next one is', () => {
  const printed: string[] = [];
  const report = createReport((line) => printed.push(stripVTControlCharacters(line)));
  const change = {
    kind: 'changed',
    bucket: 'site',
    key: 'a.html',
    eventName: 'ObjectCreated:Put',
    at: 0,
    eventBridge: false,
  } as const;
  report.unsaid.add('a.html');
  report.event({ ...change, key: 'b.html' });
  report.say('Uploaded 1 object in 0.1 s.');
  report.event({ ...change, size: 1 });
  report.event({ ...change, size: 2 });
  expect(printed).toEqual([
    expect.stringMatching(/uploaded +b\.html/),
    'Uploaded 1 object in 0.1 s.',
    expect.stringMatching(/uploaded +a\.html +2 B/),
  ]);
});

test('the lines have the times in their order, also when S3 tells of a change after the edge was seen stale', () => {
  jest.useFakeTimers({ now: new Date(2026, 0, 1, 12, 0, 0, 300) });
  const printed: string[] = [];
  const report = createReport((line) => printed.push(stripVTControlCharacters(line)));
  const at = Date.now() - 100;
  report.stale({ path: '/a.html', eTag: 'e', changedAt: at });
  report.event({
    kind: 'changed',
    bucket: 'site',
    key: 'a.html',
    eventName: 'ObjectRemoved:Delete',
    at,
    eventBridge: false,
  });
  jest.useRealTimers();
  expect(printed).toEqual([
    expect.stringMatching(/^12:00:00\.3 +stale/),
    expect.stringMatching(/^12:00:00\.3 +deleted/),
  ]);
});

test.each([
  ['a line end', 'a\n08:00:00.0  fresh  all.html', 'a\\n08:00:00.0  fresh  all.html'],
  ['ANSI escapes', '\u001b[2J\u001b]0;title\u0007a', '\\u{1b}[2J\\u{1b}]0;title\\u{7}a'],
  ['a C1 control', 'a\u009b31m', 'a\\u{9b}31m'],
  ["Unicode's line ends", 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
  ['text that turns its direction', 'a\u202elmth.exe', 'a\\u{202e}lmth.exe'],
  ['NUL', 'a\0b', 'a\\u{0}b'],
])('a key with %s is one line that steers nothing', (_, key, shown) => {
  const printed: string[] = [];
  const report = createReport((line) => printed.push(stripColours(line)));
  report.event({
    kind: 'changed',
    bucket: 'site',
    key,
    eventName: 'ObjectCreated:Put',
    size: 1,
    at: 0,
    eventBridge: false,
  });
  report.stale({ path: key, eTag: 'e', changedAt: 0 });
  report.kept([key]);
  report.warn(key);
  report.event({ kind: 'broken', why: key });
  report.event({ kind: 'log', line: { text: '', fields: { level: 'ERROR', message: 'Message failed', why: key } } });
  report.event({ kind: 'processed', records: [], deleted: [], returned: [message('m1', key)], failure: key, at: 0 });
  report.event({
    kind: 'invalidation',
    invalidation: {
      id: 'I1',
      distribution: 'E1',
      callerReference: key,
      paths: [key],
      createTime: 0,
      status: 'InProgress',
    },
  });
  expect(printed).toHaveLength(9);
  for (const line of printed) {
    expect(line).toContain(shown);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});

/** Of the report's own, which no key may add to. */
function stripColours(line: string): string {
  return Object.values(inspect.colors)
    .flatMap(([open, close] = [0, 0]) => [`\u001b[${open}m`, `\u001b[${close}m`])
    .reduce((text, code) => text.replaceAll(code, ''), line);
}

test('lines that CloudWatch makes metrics of are for nobody to read; what is no JSON is', () => {
  const printed: string[] = [];
  const report = createReport((line) => printed.push(stripVTControlCharacters(line)));
  for (const text of ['{"_aws":{"CloudWatchMetrics":[]},"Messages":1}', 'Segmentation fault']) {
    report.event({ kind: 'log', line: readLogLine(text) });
  }
  expect(printed).toEqual([expect.stringMatching(/log +Segmentation fault/)]);
});

test('a batch that an earlier invalidation covers says so once, however many keys its log lists', () => {
  const printed: string[] = [];
  const report = createReport((line) => printed.push(stripVTControlCharacters(line)));
  for (const request of ['r1', 'r1', 'r2']) {
    const fields = { level: 'INFO', message: 'Already covered', invalidationId: 'I1', keyCount: 70 };
    report.event({ kind: 'log', line: { text: '', fields: { ...fields, function_request_id: request } } });
  }
  expect(printed).toEqual(Array(2).fill(expect.stringMatching(/covered +70 objects +by I1$/)));
});

test('what the function waits for is said, and why', () => {
  const printed: string[] = [];
  const report = createReport((line) => printed.push(stripVTControlCharacters(line)));
  for (const [ms, why] of [
    [1_200, 'LeaseHeld'],
    [51_000, 'Paced'],
    [300, 'TooManyInvalidationsInProgress'],
  ]) {
    report.event({ kind: 'log', line: { text: '', fields: { level: 'INFO', message: 'Waiting', ms, why } } });
  }
  expect(printed).toEqual([
    expect.stringMatching(/wait +1\.2 s +another batch held the lease of the distribution$/),
    expect.stringMatching(/wait +51\.0 s +plans with wildcards are kept apart$/),
    expect.stringMatching(/wait +0\.3 s +before CloudFront is called again: TooManyInvalidationsInProgress$/),
  ]);
});

describe('progress', () => {
  test('at a terminal is one line, which the next line takes the place of', () => {
    const written: string[] = [];
    const report = createReport(
      (line) => written.push(`${line}\n`),
      (text) => written.push(`[${text}]`),
    );
    report.progress('1 %');
    report.progress('2 %');
    report.say('Done.');
    report.say('More.');
    expect(written).toEqual(['[1 %]', '[2 %]', '[]', 'Done.\n', 'More.\n']);
  });

  test('elsewhere is a line now and then', () => {
    jest.useFakeTimers({ now: 1_000_000 });
    const written: string[] = [];
    const report = createReport((line) => written.push(line));
    for (let percent = 0; percent < 100; percent += 1) {
      report.progress(`${percent} %`);
      jest.advanceTimersByTime(300);
    }
    jest.useRealTimers();
    expect(written).toEqual(['0 %', '34 %', '68 %']);
  });
});
