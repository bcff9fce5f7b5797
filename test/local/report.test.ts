import { stripVTControlCharacters } from 'node:util';
import { createReport } from '../../local/cli/report';

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
