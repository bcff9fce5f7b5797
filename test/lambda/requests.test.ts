import type { ListRequest } from '../../lambda/bucket/list-objects';
import { listing, type RunningFunction, SITE, startFunction } from './function';
import { eventBridgeBody, message, s3Body, snsBody } from './messages';

let running: RunningFunction;
afterEach(() => running.stop());

const TAKING = { ...SITE, requests: true };
const request = (invalidate: object) => JSON.stringify({ invalidate });
const asked = (paths: readonly string[], tags: readonly string[] = []) =>
  request({ distribution: 'E1SITE', paths, tags });
const sent = () => running.cloudFront.invalidations.flatMap(({ paths }) => paths).sort();

test('a request is invalidated as it is, by a message or an event', async () => {
  running = await startFunction(TAKING);
  const event = { ...JSON.parse(eventBridgeBody('x')), source: 'shop', 'detail-type': 'Invalidation Requested' };
  const byEvent = JSON.stringify({ ...event, detail: { invalidate: { distribution: 'E1SITE', tags: ['Product:7'] } } });
  const bodies = [asked(['/a', '/b/*'], ['x']), byEvent, snsBody(asked(['/é x', '/a%20b']))];
  const { returned } = await running.receive(bodies.map((body, at) => message(`m${at}`, body)));
  expect(returned).toEqual([]);
  expect(sent()).toEqual(['#product:7', '#x', '/%C3%A9%20x', '/a', '/a%20b', '/b/*']);
});

test('what is requested is neither widened nor listed for, but covered like anything else', async () => {
  const requests: ListRequest[] = [];
  running = await startFunction(TAKING, {}, (request, signal) => {
    requests.push(request);
    return listing([])(request, signal);
  });
  const paths = Array.from({ length: 200 }, (_, at) => `/api/${at}`).sort();
  expect((await running.receive([message('m1', asked(paths))])).returned).toEqual([]);
  expect(sent()).toEqual(paths);
  expect(requests).toEqual([]);
});

test('a change that a requested wildcard covers costs nothing more', async () => {
  running = await startFunction(TAKING);
  await running.receive([
    message('m1', asked(['/docs/*', '/docs/a.html', '/docs/b/*'])),
    message('m2', s3Body('docs/c.html')),
    message('m3', s3Body('d.html')),
  ]);
  expect(sent()).toEqual(['/d.html', '/docs/*']);
});

test('a request that comes again is covered by the invalidation of the first', async () => {
  running = await startFunction(TAKING);
  await running.receive([message('m1', asked(['/a'], ['t']))]);
  await running.receive([message('m1', asked(['/a'], ['t']), 2)]);
  expect(running.cloudFront.calls).toHaveLength(1);
});

test('a request that CloudFront has no room for returns to the queue', async () => {
  running = await startFunction(TAKING);
  running.cloudFront.fault = () => ({ kind: 'refuse', status: 400, code: 'TooManyInvalidationsInProgress' });
  expect((await running.receive([message('m1', asked(['/a/*']))])).returned).toEqual(['m1']);
}, 30_000);

test.each<[string, unknown, string]>([
  ['another distribution', { distribution: 'E2OTHER', paths: ['/a'] }, 'must be one of E1SITE, but it is "E2OTHER"'],
  ['no distribution', { paths: ['/a'] }, 'invalidate.distribution must be the id of a distribution, but it is missing'],
  ['nothing', { distribution: 'E1SITE' }, 'at least one path or tag'],
  ['a list', [], 'invalidate must be an object'],
  ['another property', { distribution: 'E1SITE', path: ['/a'] }, 'no "path"'],
  [
    'a text for paths',
    { distribution: 'E1SITE', paths: '/a' },
    'invalidate.paths must be a list of paths, but it is "/a"',
  ],
  ['a number', { distribution: 'E1SITE', paths: ['/a', 7] }, 'invalidate.paths[1] must be text, but it is 7'],
  ['no slash', { distribution: 'E1SITE', paths: ['a'] }, 'invalidate.paths[0] must begin with a slash'],
  ['a tilde', { distribution: 'E1SITE', paths: ['/a~b'] }, '"~"'],
  ['a broken escape', { distribution: 'E1SITE', paths: ['/100%'] }, 'must have a "%" only in escapes'],
  ['a long path', { distribution: 'E1SITE', paths: [`/${'é'.repeat(700)}`] }, 'at most 4000 characters'],
  ['half a character', { distribution: 'E1SITE', paths: ['/\ud800'] }, 'well-formed Unicode'],
  [
    'many wildcards',
    { distribution: 'E1SITE', paths: Array.from({ length: 16 }, (_, at) => `/${at}/*`) },
    'at most 15',
  ],
  ['too much', { distribution: 'E1SITE', paths: Array.from({ length: 1001 }, (_, at) => `/${at}`) }, 'at most 1000'],
  ['a tag with a comma', { distribution: 'E1SITE', tags: ['a,b'] }, 'invalidate.tags[0] must be visible ASCII'],
  ['a tag with a space', { distribution: 'E1SITE', tags: ['a b'] }, 'visible ASCII'],
  ['a tag with its mark', { distribution: 'E1SITE', tags: ['#a'] }, 'must have no "#" in front'],
  ['a long tag', { distribution: 'E1SITE', tags: ['x'.repeat(257)] }, 'at most 256'],
])('a request for %s is malformed, and holds back nothing else', async (_, invalidate, why) => {
  running = await startFunction(TAKING);
  const { returned, log } = await running.receive([
    message('m1', JSON.stringify({ invalidate })),
    message('m2', s3Body('a.html')),
  ]);
  expect(returned).toEqual(['m1']);
  expect(log).toContainEqual(
    expect.objectContaining({ level: 'ERROR', cause: 'malformed', why: expect.stringContaining(why) }),
  );
  expect(sent()).toEqual(['/a.html']);
});

test('anything beside the request is malformed', async () => {
  running = await startFunction(TAKING);
  const body = JSON.stringify({ invalidate: { distribution: 'E1SITE', paths: ['/a'] }, Priority: 1 });
  const { log } = await running.receive([message('m1', body)]);
  expect(log).toContainEqual(
    expect.objectContaining({ cause: 'malformed', why: expect.stringContaining('"Priority"') }),
  );
});

test('without the option a request is malformed, with the reason', async () => {
  running = await startFunction();
  const { returned, log } = await running.receive([message('m1', asked(['/a']))]);
  expect(returned).toEqual(['m1']);
  expect(log).toContainEqual(
    expect.objectContaining({ cause: 'malformed', why: expect.stringContaining('"requests" is off') }),
  );
});
