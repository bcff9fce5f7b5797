import type { Fault } from '../../local/cloudfront/fault';
import { type RunningFunction, startFunction } from './function';
import { eventBridgeBody, message, s3Body } from './messages';

let running: RunningFunction;
afterEach(() => running.stop());

const HOSTILE = [
  ['line ends', 'a\r\n{"level":"INFO","message":"Invalidation accepted"}\n.html'],
  ['ANSI escapes', 'a\u001b[2J\u001b]0;title\u0007.html'],
  ['the 8-bit control sequence introducer', 'a\u009b31m.html'],
  ['NUL and DEL', 'a\0\u007f.html'],
  ["Unicode's line and paragraph ends", 'a\u0085\u2028{}\u2029.html'],
  ['text that turns its direction', 'a\u202elmth.exe\u2066\u200f.html'],
  ['what cannot be seen', 'a\u200b\ufeff\u{e0061}\u00ad.html'],
] as const;

/** What of a log could steer the terminal that shows it; the ends of its lines are none of it. */
function steering(written: string): string[] {
  return written.replaceAll('\n', '').match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu) ?? [];
}

test.each(HOSTILE)('a key with %s is logged as it is, and raw in no line', async (_, key) => {
  running = await startFunction();
  const { log, written } = await running.receive([message('m1', s3Body(key)), message('m2', eventBridgeBody(key))]);
  expect(steering(written)).toEqual([]);
  expect(log.map(({ message }) => message)).toEqual(['Planned', 'Invalidation accepted', 'Batch handled']);
  expect(log[1]?.keys).toEqual([key]);
});

test.each(HOSTILE)('a malformed message with %s is quoted, and makes no line of its own', async (_, text) => {
  running = await startFunction();
  const bodies = [text, `{"detail-type":${JSON.stringify(text)}}`, s3Body('a').replace('"aws:s3"', `"${text}`)];
  const { log, written } = await running.receive(bodies.map((body, at) => message(`m${at}`, body)));
  expect(steering(written)).toEqual([]);
  expect(log.map(({ message }) => message)).toEqual([...bodies.map(() => 'Message failed'), 'Batch handled']);
  expect(log.map(({ body }) => body)).toEqual([...bodies, undefined]);
});

test('an error message of CloudFront forges no line', async () => {
  running = await startFunction();
  running.cloudFront.fault = () => ({ kind: 'refuse', status: 403, code: 'AccessDenied', message: HOSTILE[2][1] });
  const { log, written } = await running.receive([message('m1', s3Body('a.html'))]);
  expect(steering(written)).toEqual([]);
  expect(log.find(({ message }) => message === 'Message failed')?.why).toContain(HOSTILE[2][1]);
});

test('errors and warnings go to stderr, all else to stdout', async () => {
  running = await startFunction();
  running.cloudFront.fault = () => ({ kind: 'refuse', status: 403, code: 'AccessDenied' });
  const { log, errors } = await running.receive([message('m1', s3Body('a.html'))]);
  expect(errors.map(({ level }) => level)).toEqual(['WARN', 'ERROR']);
  expect(errors).toEqual(log.filter(({ level }) => level !== 'INFO'));
});

test('the joiners that words need stay as they are', async () => {
  running = await startFunction();
  const { written } = await running.receive([message('m1', s3Body('می‌خواهم.html'))]);
  expect(written).toContain('می‌خواهم.html');
});

describe('the credentials of the function are in no line', () => {
  const credentials = {
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==',
  };
  const before = { ...process.env };

  beforeEach(async () => {
    running = await startFunction();
    Object.assign(process.env, credentials);
  });
  afterEach(() => {
    process.env = before;
  });

  const forms = Object.values(credentials).flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const quoting = `Request had ${forms.join(' and ')}`;
  test.each<[string, () => Fault]>([
    [
      'an error that quotes them',
      () => ({ kind: 'refuse', status: 403, code: 'SignatureDoesNotMatch', message: quoting }),
    ],
    ['an error with them for a name', () => ({ kind: 'refuse', status: 400, code: credentials.AWS_SESSION_TOKEN })],
    ['an answer that is no XML', () => ({ kind: 'garble-answer', as: 'not-xml' })],
    ['a lost answer', () => ({ kind: 'lose-answer' })],
  ])('after %s', async (_, fault) => {
    running.cloudFront.fault = fault;
    const { returned, written } = await running.receive([message('m1', s3Body('a.html'))]);
    expect(returned).toEqual(['m1']);
    for (const secret of forms) expect(written).not.toContain(secret);
  });

  test('after something unforeseen, whatever hangs on the error', async () => {
    running.failIn(
      'E1SITE',
      Object.assign(new Error(quoting, { cause: new Error(quoting) }), { $request: { headers: credentials } }),
    );
    const { log, written } = await running.receive([message('m1', s3Body('a.html'))]);
    expect(log).toContainEqual(expect.objectContaining({ message: 'Distribution failed' }));
    for (const secret of forms) expect(written).not.toContain(secret);
  });
});
