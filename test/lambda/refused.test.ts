import type { SQSRecord } from 'aws-lambda';
import type { Fault } from '../../local/cloudfront/fault';
import { RATE_QUOTA } from '../../local/cloudfront/quota';
import { type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body } from './messages';

let running: RunningFunction;
afterEach(() => running.stop());

const references = () => running.cloudFront.calls.map(({ callerReference }) => callerReference);
const refuse = (status: number, code: string, text = code): Fault => ({ kind: 'refuse', status, code, message: text });
const two = {
  ...SITE,
  origins: ['E1SITE', 'E2OTHER'].map((distribution) => ({ bucket: 'site', distribution, path: '' })),
};

describe('the caller reference', () => {
  test('the same batch again after lost answers makes no second invalidation', async () => {
    running = await startFunction();
    running.cloudFront.fault = () => ({ kind: 'lose-answer' });
    const batch = [message('m1', s3Body('a.html')), message('m2', s3Body('b.html'))];
    expect((await running.receive(batch)).returned).toEqual(['m1', 'm2']);
    running.cloudFront.fault = undefined;
    expect((await running.receive(batch.toReversed())).returned).toEqual([]);
    expect(running.cloudFront.invalidations).toHaveLength(1);
  });

  test('a lost answer is retried within the invocation, free of charge', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ number }) => (number === 1 ? { kind: 'lose-answer' } : undefined);
    expect((await running.receive([message('m1', s3Body('a.html'))])).returned).toEqual([]);
    expect(running.cloudFront.invalidations).toHaveLength(1);
  });

  test('a message that is retried beside a newer change of its key makes a new invalidation', async () => {
    running = await startFunction();
    running.cloudFront.fault = () => ({ kind: 'lose-answer' });
    await running.receive([message('m1', s3Body('a.html'))]);
    running.cloudFront.fault = undefined;
    const again = [message('m1', s3Body('a.html'), 2), message('m5', s3Body('a.html'))];
    expect((await running.receive(again)).returned).toEqual([]);
    expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/a.html'], ['/a.html']]);
  });

  test('a message that is retried beside another key is not refused for its reference', async () => {
    running = await startFunction();
    running.cloudFront.fault = () => ({ kind: 'lose-answer' });
    await running.receive([message('m1', s3Body('a.html'))]);
    running.cloudFront.fault = undefined;
    const calls = running.cloudFront.calls.length;
    const again = [message('m1', s3Body('a.html'), 2), message('m2', s3Body('b.html'))];
    expect((await running.receive(again)).returned).toEqual([]);
    expect(running.cloudFront.calls.slice(calls)).toMatchObject([{ outcome: { kind: 'created' } }]);
  });

  test.each([
    [
      'as users saw it',
      'InvalidArgument',
      'Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.',
    ],
    ['as it is documented', 'InvalidationBatchAlreadyExists', 'The batch exists.'],
  ])('a conflict, %s, is answered with a new reference', async (_, code, text) => {
    running = await startFunction();
    running.cloudFront.fault = ({ number }) => (number === 1 ? refuse(400, code, text) : undefined);
    expect(
      (await running.receive([message('m1', s3Body('a.html')), message('m2', s3Body('b.html'))])).returned,
    ).toEqual([]);
    expect(running.cloudFront.invalidations).toMatchObject([{ paths: ['/a.html', '/b.html'] }]);
    expect(new Set(references()).size).toBe(2);
  });

  test('a conflict with no end fails the messages', async () => {
    running = await startFunction();
    running.cloudFront.fault = () => refuse(400, 'InvalidationBatchAlreadyExists');
    const { returned, log } = await running.receive([message('m1', s3Body('a.html'))]);
    expect(returned).toEqual(['m1']);
    expect(references()).toHaveLength(3);
    expect(log).toContainEqual(
      expect.objectContaining({ level: 'ERROR', message: 'Message failed', cause: 'conflict' }),
    );
  });
});

describe('what passes later', () => {
  test.each([
    ['TooManyInvalidationsInProgress', refuse(400, 'TooManyInvalidationsInProgress'), 'throttled', 6],
    ['Throttling', refuse(400, 'Throttling', 'Rate exceeded'), 'throttled', 22],
    [
      'ServiceUnavailable',
      refuse(503, 'ServiceUnavailable', 'CloudFront encountered an internal error'),
      'unavailable',
      22,
    ],
    ['InternalError', refuse(500, 'InternalError'), 'unavailable', 22],
    ['answers that are lost', { kind: 'lose-answer' } as Fault, 'unavailable', 22],
  ])(
    '%s fails the messages',
    async (_, fault, cause, calls) => {
      running = await startFunction();
      running.cloudFront.fault = () => fault;
      const { returned, log } = await running.receive([
        message('m1', s3Body('a.html'), 3),
        message('m2', s3Body('b.html')),
      ]);
      expect(returned).toEqual(['m1', 'm2']);
      expect(running.cloudFront.calls).toHaveLength(calls);
      expect(log).toContainEqual(
        expect.objectContaining({
          level: 'WARN',
          message: 'Message failed',
          messageId: 'm1',
          receiveCount: 3,
          cause,
          distribution: 'E1SITE',
          keys: ['a.html'],
          why: expect.any(String),
        }),
      );
    },
    30_000,
  );

  test('a CloudFront that cannot be reached fails the messages', async () => {
    running = await startFunction();
    await running.cloudFront.close();
    const { returned, log } = await running.receive([message('m1', s3Body('a.html'))]);
    expect(returned).toEqual(['m1']);
    expect(log).toContainEqual(expect.objectContaining({ message: 'Message failed', cause: 'unavailable' }));
  });

  test('a CloudFront that hangs ends in a report before the time-out of the function', async () => {
    running = await startFunction();
    running.cloudFront.fault = () => ({ kind: 'hang' });
    const began = Date.now();
    const { returned, log } = await running.receive([message('m1', s3Body('a.html'))], 3000);
    expect(Date.now() - began).toBeLessThan(3000);
    expect(returned).toEqual(['m1']);
    expect(log).toContainEqual(
      expect.objectContaining({ message: 'Message failed', why: expect.stringContaining('OutOfTime') }),
    );
  });

  test.each<Fault>([{ kind: 'hang' }, { kind: 'stall-answer', after: 200 }])(
    'one call that ends in %j is given up and made again',
    async (fault) => {
      running = await startFunction();
      running.cloudFront.fault = ({ number }) => (number === 1 ? fault : undefined);
      expect((await running.receive([message('m1', s3Body('a.html'))])).returned).toEqual([]);
      expect(running.cloudFront.calls).toHaveLength(2);
    },
    20_000,
  );

  test('a passing 503 is tried again within the invocation', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ number }) => (number < 4 ? refuse(503, 'ServiceUnavailable') : undefined);
    expect((await running.receive([message('m1', s3Body('a.html'))])).returned).toEqual([]);
    expect(new Set(references()).size).toBe(1);
    expect(running.cloudFront.invalidations).toHaveLength(1);
  }, 20_000);

  test.each<[string, Fault, string]>([
    ['truncated', { kind: 'garble-answer', as: 'truncated-xml' }, 'unexpected'],
    ['not XML', { kind: 'garble-answer', as: 'not-xml' }, 'unexpected'],
    ['cut off as its body begins', { kind: 'cut-answer', after: 1 }, 'unavailable'],
    ['cut off in its body', { kind: 'cut-answer', after: 200 }, 'unavailable'],
    ['XML of another kind', { kind: 'garble-answer', as: 'other-xml' }, 'unexpected'],
    ['another resource', { kind: 'garble-answer', as: 'other-resource' }, 'unexpected'],
    ['empty', { kind: 'garble-answer', as: 'empty' }, 'unexpected'],
  ])('an answer that is %s is no acceptance, and costs nothing again', async (_, fault, cause) => {
    running = await startFunction();
    running.cloudFront.fault = () => fault;
    const batch = [message('m1', s3Body('a.html'))];
    const { returned, log } = await running.receive(batch);
    expect(returned).toEqual(['m1']);
    const level = cause === 'unexpected' ? 'ERROR' : 'WARN';
    expect(log).toContainEqual(expect.objectContaining({ level, message: 'Message failed', cause }));
    running.cloudFront.fault = undefined;
    expect((await running.receive(batch)).returned).toEqual([]);
    expect(running.cloudFront.invalidations).toHaveLength(1);
  });
});

describe('a request that exceeds the quota by itself', () => {
  const tilde = (folder: string) => message(folder, s3Body(`${folder}/a~b.js`));

  test('is divided into what CloudFront takes in a second, the wildcards first', async () => {
    let clock = 0;
    running = await startFunction(SITE, { quota: RATE_QUOTA, now: () => (clock += 1000) });
    const { returned } = await running.receive([tilde('x'), tilde('y'), message('m1', s3Body('a.html'))]);
    expect(returned).toEqual([]);
    expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/a.html', '/x/a*'], ['/y/a*']]);
  });

  test('is divided though one object alone needs more wildcards than a second takes', async () => {
    let clock = 0;
    running = await startFunction(SITE, { quota: RATE_QUOTA, now: () => (clock += 1000) });
    const { returned } = await running.receive([message('m1', s3Body('a b~.js')), message('m2', s3Body('c.html'))]);
    expect(returned).toEqual([]);
    expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/a%20b*', '/c.html'], ['/a+b*']]);
  });

  test('fails what the quota has no room for', async () => {
    const quota = { kind: 'in-progress', paths: 3000, wildcards: 1 } as const;
    running = await startFunction(SITE, { quota, completesAfter: 600_000 });
    const { returned } = await running.receive([tilde('x'), tilde('y'), tilde('z')]);
    expect(returned).toEqual(['y', 'z']);
    expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/x/a*']]);
  });
});

test('a refusal is logged with its cause, and as many paths as a line has room for', async () => {
  running = await startFunction();
  running.cloudFront.fault = () => refuse(403, 'AccessDenied', 'You may not.');
  const keys = Array.from({ length: 60 }, (_, index) => `page-${index}.html`).sort();
  const { log } = await running.receive(keys.map((key) => message(key, s3Body(key))));
  expect(log.find((line) => line.message === 'CreateInvalidation failed')).toMatchObject({
    level: 'WARN',
    distribution: 'E1SITE',
    cause: 'configuration',
    error: 'AccessDenied',
    why: 'You may not.',
    callerReference: references()[0],
    paths: keys.slice(0, 50).map((key) => `/${key}`),
    pathCount: 60,
    messageCount: 60,
  });
  expect(log.find((line) => line.message === 'Message failed')).not.toHaveProperty('body');
});

describe('what no retry mends', () => {
  test.each([
    ['AccessDenied', { distributions: [{ id: 'E1SITE', access: 'denied' as const }] }],
    ['NoSuchDistribution', { distributions: [] }],
  ])('%s fails the messages and is logged as a configuration error', async (name, options) => {
    running = await startFunction(SITE, options);
    const { returned, log } = await running.receive([message('m1', s3Body('a.html'))]);
    expect(returned).toEqual(['m1']);
    expect(running.cloudFront.calls).toHaveLength(1);
    expect(log).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'Message failed',
        cause: 'configuration',
        distribution: 'E1SITE',
        why: expect.stringContaining(name),
      }),
    );
  });

  test.each([0, 11, 23])('one bad path among 24 messages, at %i, fails alone, after at most 24 calls', async (bad) => {
    running = await startFunction();
    const badPath = `/page-${String(bad).padStart(2, '0')}.html`;
    running.cloudFront.fault = ({ paths }) =>
      paths.includes(badPath)
        ? refuse(400, 'InvalidArgument', 'Your request contains one or more invalid invalidation paths.')
        : undefined;
    const keys = Array.from({ length: 24 }, (_, index) => `page-${String(index).padStart(2, '0')}.html`);
    const { returned, log } = await running.receive(keys.map((key, index) => message(`m${index}`, s3Body(key))));
    expect(returned).toEqual([`m${bad}`]);
    expect(running.cloudFront.calls.length).toBeLessThanOrEqual(24);
    const invalidated = running.cloudFront.invalidations.flatMap(({ paths }) => paths);
    expect(invalidated.sort()).toEqual(keys.map((key) => `/${key}`).filter((path) => path !== badPath));
    expect(log).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'Message failed',
        cause: 'invalid',
        keys: [badPath.slice(1)],
      }),
    );
  });

  describe('of an unusual path', () => {
    const apostrophe = ({ paths }: { paths: readonly string[] }) =>
      paths.some((path) => path.includes("'")) ? refuse(400, 'InvalidArgument', 'invalid paths') : undefined;
    const paths = () => running.cloudFront.invalidations.flatMap((each) => each.paths).sort();

    test('leaves a wildcard that ends before what is unusual, in the same invocation', async () => {
      running = await startFunction({ ...SITE, indexDocument: 'index.html' });
      running.cloudFront.fault = apostrophe;
      const keys = ["docs/it's.html", 'a.html', "x/l'été/index.html", "café/d'oh"];
      const { returned } = await running.receive(keys.map((key) => message(key, s3Body(key))));
      expect(returned).toEqual([]);
      expect(paths()).toEqual(['/a.html', '/caf*', '/docs/it*', '/x/l*']);
    });

    test('leaves one wildcard for a folder of them, after few calls', async () => {
      running = await startFunction();
      running.cloudFront.fault = apostrophe;
      const keys = Array.from({ length: 300 }, (_, at) => `what's new/${at % 7}/${at}.html`);
      const { returned } = await running.receive([...keys, 'a.html'].map((key) => message(key, s3Body(key))));
      expect(returned).toEqual([]);
      expect(paths()).toEqual(['/a.html', '/what*']);
      expect(running.cloudFront.calls.length).toBeLessThan(20);
    });

    test('fails the message only if the wildcard is refused, too', async () => {
      running = await startFunction();
      running.cloudFront.fault = (call) =>
        call.paths.includes('/it*') ? refuse(400, 'InvalidArgument', 'invalid paths') : apostrophe(call);
      const { returned } = await running.receive(["it's.html", "x's.html"].map((key) => message(key, s3Body(key))));
      expect(returned).toEqual(["it's.html"]);
      expect(paths()).toEqual(['/x*']);
    });
  });

  test.each([
    [400, 'MalformedInput'],
    [400, 'SomethingNew'],
    [413, 'BatchTooLarge'],
  ])('a path that CloudFront refuses with %i %s fails alone', async (status, code) => {
    running = await startFunction();
    running.cloudFront.fault = ({ paths }) => (paths.includes('/b.html') ? refuse(status, code) : undefined);
    const { returned } = await running.receive(Array.from('abc', (name) => message(name, s3Body(`${name}.html`))));
    expect(returned).toEqual(['b']);
  });

  test('what comes for the first time does not wait for bad paths that are retried', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ paths }) =>
      paths.some((path) => path.startsWith('/bad')) ? refuse(400, 'InvalidArgument', 'invalid paths') : undefined;
    const names = Array.from({ length: 8 }, (_, at) => [`bad-${at}`, `page-${at}`]).flat();
    const batch = names.map((name) => message(name, s3Body(`${name}.html`), name.startsWith('bad') ? 3 : 1));
    const { returned } = await running.receive(batch);
    expect(returned.sort()).toEqual(names.filter((name) => name.startsWith('bad')).sort());
    const [, second] = running.cloudFront.calls;
    expect(second?.paths.toSorted()).toEqual(Array.from({ length: 8 }, (_, at) => `/page-${at}.html`));
  });

  test('many bad paths do not keep the others waiting, wherever they are', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ paths }) =>
      paths.some((path) => path.startsWith('/bad')) ? refuse(400, 'InvalidArgument', 'invalid paths') : undefined;
    const names = [
      ...Array.from({ length: 16 }, (_, at) => `bad-${at}`),
      ...Array.from({ length: 48 }, (_, at) => `page-${at}`),
    ];
    const { returned } = await running.receive(names.map((name) => message(name, s3Body(`${name}.html`))));
    expect(returned.sort()).toEqual(names.filter((name) => name.startsWith('bad')).sort());
    const all = running.cloudFront.calls.map(({ paths }) => paths.some((path) => path.startsWith('/page')));
    // Each half is divided once before a half of it is.
    expect(all.lastIndexOf(true)).toBeLessThan(all.length / 2);
  });

  test('a bad index document costs no more: its paths stand or fall together', async () => {
    running = await startFunction({ ...SITE, indexDocument: 'index.html' });
    running.cloudFront.fault = ({ paths }) =>
      paths.some((path) => path.startsWith('/bad')) ? refuse(400, 'InvalidArgument', 'invalid paths') : undefined;
    const folders = ['bad', ...Array.from({ length: 23 }, (_, index) => `folder-${index}`)];
    const { returned } = await running.receive(folders.map((name) => message(name, s3Body(`${name}/index.html`))));
    expect(returned).toEqual(['bad']);
    expect(running.cloudFront.calls.length).toBeLessThanOrEqual(11);
  });

  test('a wildcard that is refused holds back only whose path is refused', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ paths }) =>
      paths.some((path) => path.startsWith('/js/a')) ? refuse(400, 'InvalidArgument', 'invalid paths') : undefined;
    const { returned } = await running.receive([message('m1', s3Body('js/a~b.js')), message('m2', s3Body('js/b.js'))]);
    expect(returned).toEqual(['m1']);
    expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/js/b.js']]);
  });

  test('a wildcard that is refused is divided into the objects that it covers', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ paths }) =>
      paths.includes('/js/a*') ? refuse(400, 'InvalidArgument', 'invalid paths') : undefined;
    const { returned } = await running.receive([message('m1', s3Body('js/a~b.js')), message('m2', s3Body('js/ab.js'))]);
    expect(returned).toEqual(['m1']);
    expect(running.cloudFront.invalidations.map(({ paths }) => paths)).toEqual([['/js/ab.js']]);
  });

  test('however many objects that is, no request holds more than one may', async () => {
    const origins = SITE.origins.map((origin) => ({ ...origin, queryStrings: true }));
    running = await startFunction({ ...SITE, origins }, {}, async () => ({ objects: [], truncated: false }));
    running.cloudFront.fault = ({ number }) => (number === 1 ? refuse(400, 'InvalidArgument', 'why not') : undefined);
    const keys = Array.from({ length: 100 }, (_, index) => `page-${index}`);
    await running.receive(keys.map((key) => message(key, s3Body(key))));
    const [first, ...others] = running.cloudFront.calls.map(({ paths }) => paths);
    expect(first).toEqual(['/page-*']);
    expect(others.length).toBeGreaterThan(1);
    for (const paths of others) {
      expect(paths.length).toBeLessThanOrEqual(1000);
      expect(paths.filter((path) => path.endsWith('*')).length).toBeLessThanOrEqual(15);
    }
  });

  test('a batch that is too large is divided until it fits', async () => {
    running = await startFunction(SITE, { maxBatch: 5 });
    const keys = Array.from({ length: 24 }, (_, index) => `page-${index}.html`);
    const { returned } = await running.receive(keys.map((key) => message(key, s3Body(key))));
    expect(returned).toEqual([]);
    expect(running.cloudFront.invalidations.flatMap(({ paths }) => paths).sort()).toEqual(
      keys.map((key) => `/${key}`).sort(),
    );
  });

  test('an answer 413 by another name is divided, too', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ paths }) => (paths.length > 2 ? refuse(413, 'RequestEntityTooLarge') : undefined);
    const keys = ['a', 'b', 'c', 'd'];
    expect((await running.receive(keys.map((key) => message(key, s3Body(key))))).returned).toEqual([]);
  });

  test('a quota that is full while dividing ends the dividing', async () => {
    running = await startFunction();
    running.cloudFront.fault = ({ number }) =>
      number === 1
        ? refuse(400, 'BatchTooLarge')
        : number >= 3
          ? refuse(400, 'TooManyInvalidationsInProgress')
          : undefined;
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const { returned } = await running.receive(keys.map((key) => message(key, s3Body(key))));
    expect(returned).toEqual(['e', 'f', 'g', 'h']);
    expect(running.cloudFront.calls.every(({ paths }, at) => at < 2 || paths.join() === '/e,/f,/g,/h')).toBe(true);
  });
});

describe('with two distributions', () => {
  test('one failing fails its messages, and the call to the other is not repeated', async () => {
    running = await startFunction({
      ...two,
      origins: [...two.origins, { bucket: 'more', distribution: 'E2OTHER', path: '' }],
    });
    running.cloudFront.fault = ({ distribution }) =>
      distribution === 'E1SITE' ? refuse(503, 'ServiceUnavailable') : undefined;
    const { returned } = await running.receive([
      message('m1', s3Body('a.html')),
      message('m2', s3Body('b.html', { bucket: 'more' })),
    ]);
    expect(returned).toEqual(['m1']);
    const calls = running.cloudFront.calls.filter(({ distribution }) => distribution === 'E2OTHER');
    expect(calls).toMatchObject([{ outcome: { kind: 'created' }, paths: ['/a.html', '/b.html'] }]);
  }, 20_000);

  test('what one accepted is not sent to it again while the other fails', async () => {
    running = await startFunction(two);
    running.cloudFront.fault = ({ distribution }) =>
      distribution === 'E1SITE' ? refuse(400, 'TooManyInvalidationsInProgress') : undefined;
    const time = new Date(Date.now() - 2_000).toISOString();
    const [m1, m2, m3] = ['a', 'b', 'c'].map((key) => message(key, s3Body(key, { time })));
    for (const batch of [[m1, m2], [m1, m3], [m2]]) await running.receive(batch as SQSRecord[]);
    const other = running.cloudFront.invalidations.filter(({ distribution }) => distribution === 'E2OTHER');
    expect(other.map(({ paths }) => paths)).toEqual([['/a', '/b'], ['/c']]);
  });

  test('what goes wrong in one, however unforeseen, fails for that one', async () => {
    running = await startFunction(two);
    running.failIn('E2OTHER');
    const batch = Array.from('abc', (name) => message(name, s3Body(name)));
    const { returned, log } = await running.receive(batch);
    expect(returned).toEqual(['a', 'b', 'c']);
    expect(running.cloudFront.invalidations.map(({ distribution }) => distribution)).toEqual(['E1SITE']);
    expect(log.find((line) => line.message === 'Distribution failed')).toMatchObject({
      level: 'ERROR',
      distribution: 'E2OTHER',
      error: { message: 'Something unforeseen', stack: expect.stringContaining('failIn') },
    });
  });

  test('both failing fails a message once', async () => {
    running = await startFunction(two);
    running.cloudFront.fault = () => refuse(400, 'TooManyInvalidationsInProgress');
    expect((await running.receive([message('m1', s3Body('a.html'))])).returned).toEqual(['m1']);
  });
});
