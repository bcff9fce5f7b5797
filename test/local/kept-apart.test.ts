import { keptApart } from '../../local/cli/kept-apart';
import { whyMore } from '../../local/cli/paid-for';
import { createReport } from '../../local/cli/report';
import { readLogLine } from '../../local/log-line';

test('a wait for the pace of wildcards is expected, and it says why', () => {
  const report = createReport(() => {});
  const wait = (why: string, ms: number) =>
    report.event({ kind: 'log', line: readLogLine(JSON.stringify({ level: 'INFO', message: 'Waiting', why, ms })) });
  wait('LeaseHeld', 60_000);
  expect(keptApart(report.pacedWaits)).toBe('');
  wait('Paced', 32_900);
  wait('Paced', 700);
  expect(keptApart(report.pacedWaits)).toBe(
    'Up to 32.9 s of that is expected: CloudFront takes few wildcards at a time, so the function keeps them apart. ' +
      'After 5 in ten minutes, the next waits until 51 s after the last: docs/decisions/pacing.md.',
  );
});

test.each([
  [['/a', '/b'], ['/b', '/a'], ''],
  [['/a', '/c++', '/c%2B%2B'], ['/a', '/c%2B%2B'], 'the 2 pages, and /c++, another way to write one of them'],
  [['/a', '/1', '/2', '/3', '/4'], ['/a'], 'the 1 page, and 4 others, other ways to write them'],
])('%j are more URLs than %j, and it says why', (urls, looked, why) => {
  expect(whyMore(urls, looked)).toBe(why);
});
