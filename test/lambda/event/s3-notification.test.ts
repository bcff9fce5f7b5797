import { parseNotification } from '../../../lambda/event/s3-notification';
import { CHANGED, eventBridgeBody, s3Body, s3Record, snsBody, TEST_EVENT } from '../messages';

const changed = (key: string, bucket = 'site', time: number | undefined = Date.parse(CHANGED)) => ({
  kind: 'changes',
  changes: [{ bucket, key, time }],
});

test.each([
  ['an upload', s3Body('docs/index.html'), 'docs/index.html'],
  ['a removal', s3Body('a.html', { event: 'ObjectRemoved:DeleteMarkerCreated' }), 'a.html'],
  ['an expiration', s3Body('a.html', { event: 'LifecycleExpiration:Delete' }), 'a.html'],
  ['a key with spaces', s3Body('a b c.html'), 'a b c.html'],
  ['a key with a plus', s3Body('a+b.html'), 'a+b.html'],
  ['a key with a percent sign', s3Body('100%25.html'), '100%25.html'],
  ['a key beyond ASCII', s3Body('préçis/日本/🎉.html'), 'préçis/日本/🎉.html'],
  ['a key with a control character', s3Body('a\nb'), 'a\nb'],
  ['an event of EventBridge', eventBridgeBody('docs/index.html'), 'docs/index.html'],
  ['a deletion by EventBridge', eventBridgeBody('a.html', 'Object Deleted'), 'a.html'],
  ['a key of EventBridge, which is verbatim', eventBridgeBody('a+b%20c%.html'), 'a+b%20c%.html'],
  ['a notification wrapped by SNS', snsBody(s3Body('a b.html')), 'a b.html'],
  ['an event of EventBridge wrapped by SNS', snsBody(eventBridgeBody('a+b.html')), 'a+b.html'],
])('%s is a change', (_, body, key) => {
  // EventBridge cuts its times to the second.
  const time = Date.parse(CHANGED) + (body.includes('detail-type') ? 999 : 0);
  expect(parseNotification(body)).toEqual(changed(key, 'site', time));
});

const expired = (detail: object, object: object) => {
  const event = JSON.parse(eventBridgeBody('a.html', 'Object Deleted'));
  const reason = { reason: 'Lifecycle Expiration', 'deletion-type': 'Permanently Deleted' };
  Object.assign(event.detail, reason, detail, { object: { ...event.detail.object, ...object } });
  return JSON.stringify(event);
};
const removed = (event: string, object: object) => {
  const record = s3Record('a.html', { event });
  return JSON.stringify({ Records: [{ ...record, s3: { ...record.s3, object: { ...record.s3.object, ...object } } }] });
};
const VERSION = { versionId: '096fKKXTRTtl3on89fVO.nfljtsv6qko' };
const VERSION_ID = { 'version-id': VERSION.versionId };

describe('of objects with versions', () => {
  test.each([
    ['an old version that expires', removed('LifecycleExpiration:Delete', VERSION)],
    ['one by EventBridge', expired({}, VERSION_ID)],
    ['one by EventBridge and SNS', snsBody(expired({}, VERSION_ID))],
  ])('%s changes nothing for viewers', (_, body) => {
    expect(parseNotification(body)).toMatchObject({ kind: 'nothing' });
  });

  test.each([
    ['a version that somebody deletes', removed('ObjectRemoved:Delete', VERSION)],
    ['a delete marker', removed('ObjectRemoved:DeleteMarkerCreated', VERSION)],
    ['the delete marker of a rule', removed('LifecycleExpiration:DeleteMarkerCreated', VERSION)],
    ['an expiration without a version', removed('LifecycleExpiration:Delete', {})],
    ['an expiration with an empty version', removed('LifecycleExpiration:Delete', { versionId: '' })],
    ['an upload', removed('ObjectCreated:Put', VERSION)],
    ['a version that somebody deletes, by EventBridge', expired({ reason: 'DeleteObject' }, VERSION_ID)],
    ['the delete marker of a rule, by EventBridge', expired({ 'deletion-type': 'Delete Marker Created' }, VERSION_ID)],
    ['an expiration without a version, by EventBridge', expired({}, {})],
  ])('%s is a change', (_, body) => {
    expect(parseNotification(body)).toMatchObject({ kind: 'changes', changes: [{ bucket: 'site', key: 'a.html' }] });
  });

  test('what expires beside a change leaves the change', () => {
    const bodies = [removed('LifecycleExpiration:Delete', VERSION), removed('ObjectCreated:Put', VERSION)];
    const Records = bodies.flatMap((body) => JSON.parse(body).Records);
    expect(parseNotification(JSON.stringify({ Records }))).toMatchObject({ changes: [{ key: 'a.html' }] });
  });
});

test.each(['2.0', '2.1', '2.2', '2.3', '2.10'])('event version %s is understood', (eventVersion) => {
  const body = JSON.stringify({ Records: [{ ...s3Record('a.html'), eventVersion }] });
  expect(parseNotification(body)).toEqual(changed('a.html'));
});

test('several records are several changes', () => {
  const body = JSON.stringify({ Records: [s3Record('a.html'), s3Record('b.html', { bucket: 'other' })] });
  expect(parseNotification(body)).toEqual({
    kind: 'changes',
    changes: [...changed('a.html').changes, ...changed('b.html', 'other').changes],
  });
});

test.each([
  ...['yesterday', '5', '2026', 7, undefined],
  ...[`at ${CHANGED}`, `${CHANGED}, about`, CHANGED.replace('-11-', '-13-')],
])('a change at %j is a change all the same', (eventTime) => {
  const body = JSON.stringify({ Records: [{ ...s3Record('a.html'), eventTime }] });
  expect(parseNotification(body)).toEqual({
    kind: 'changes',
    changes: [{ bucket: 'site', key: 'a.html', time: undefined }],
  });
});

test.each([
  ["S3's test event", TEST_EVENT],
  ["S3's test event wrapped by SNS", snsBody(TEST_EVENT)],
  ['a change of tags', s3Body('a.html', { event: 'ObjectTagging:Put' })],
  ['an event whose name only ends like a change', s3Body('a.html', { event: 'XObjectCreated:Put' })],
  ['a change of tags by EventBridge', eventBridgeBody('a.html', 'Object Tags Added')],
])('%s asks for nothing', (_, body) => {
  expect(parseNotification(body)).toMatchObject({ kind: 'nothing' });
});

const record = s3Record('a.html');
const withObject = (object: unknown) => JSON.stringify({ Records: [{ ...record, s3: { ...record.s3, object } }] });

test.each([
  ['an empty body', '', /not a JSON object: ""/],
  ['text', 'hello', /not a JSON object: "hello"/],
  ['half a notification', s3Body('a.html').slice(0, -10), /not a JSON object/],
  ['a number', '42', /not a JSON object/],
  ['null', 'null', /not a JSON object/],
  ['a list', '[]', /not a JSON object/],
  ['a body that is no text', 42, /not a JSON object: 42/],
  ['no body', undefined, /not a JSON object: missing/],
  ['an object of another kind', '{"hello":"world"}', /neither an S3 notification nor .*hello/],
  ['no records', '{"Records":[]}', /at least one record, but it is \[\]/],
  ['records that are no list', '{"Records":"a.html"}', /must be a list .* "a.html"/],
  ['a record that is no object', '{"Records":[null]}', /Records\[0\]: must be an object, but it is null/],
  ...['3.0', '12.1', 'x2.1', '2.1x'].map((eventVersion): [string, string, RegExp] => [
    `version ${eventVersion}`,
    JSON.stringify({ Records: [{ ...record, eventVersion }] }),
    new RegExp(`2\\.x, but it is "${eventVersion}"`),
  ]),
  ['no event name', JSON.stringify({ Records: [{ ...record, eventName: 7 }] }), /eventName must be text, but it is 7/],
  [
    'no s3',
    JSON.stringify({ Records: [{ ...record, s3: null }] }),
    /bucket.name must be text that is not empty, but it is missing/,
  ],
  ['no key', withObject({}), /object.key must be text that is not empty, but it is missing/],
  ['an empty key', withObject({ key: '' }), /object.key must be text that is not empty, but it is ""/],
  ['a key of another type', withObject({ key: ['a'] }), /object.key must be text that is not empty, but it is \["a"\]/],
  ['a key that does not decode', withObject({ key: 'a%zz' }), /does not decode: "a%zz"/],
  ['a key that is no UTF-8', withObject({ key: 'a%ff' }), /does not decode: "a%ff"/],
  ['a key with half a surrogate pair', withObject({ key: 'a\ud800' }), /well-formed Unicode/],
  ['one bad record among good ones', JSON.stringify({ Records: [record, { ...record, s3: {} }] }), /Records\[1\]: /],
  ['an event of another source', eventBridgeBody('a').replace('aws.s3', 'aws.ec2'), /source "aws.s3"/],
  ['an event without detail', '{"detail-type":"Object Created","source":"aws.s3"}', /detail: bucket.name/],
  ['SNS around no JSON', snsBody('hello'), /the SNS message is not a JSON object: "hello"/],
  ['SNS around SNS', snsBody(snsBody(s3Body('a'))), /neither an S3 notification/],
])('%s is malformed, and says why', (_, body, why) => {
  expect(parseNotification(body)).toEqual({ kind: 'malformed', why: expect.stringMatching(why) });
});

test.each([
  '{"invalidate":DEEP}',
  '{"invalidate":{"distribution":"E1","paths":[DEEP]}}',
  '{"invalidate":{"tags":DEEP}}',
  '{"completion":DEEP}',
  '{"completion":{"distribution":DEEP}}',
])('what nests too deep to be shown is malformed, and throws nothing: %s', (body) => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect(parseNotification(body.replace('DEEP', deep))).toMatchObject({ kind: 'malformed' });
});

test('what is malformed is quoted only in part', () => {
  const { why } = parseNotification('x'.repeat(256 * 1024)) as { why: string };
  expect(why.length).toBeLessThan(300);
});
