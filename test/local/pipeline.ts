import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { verified } from '../../local/cli/verified';
import type { Fault, FaultFunction } from '../../local/cloudfront/fault';
import { type LocalEvent, type LocalStack, type LocalStackOptions, startLocalStack } from '../../local/local-stack';
import { eventually } from './eventually';

/**
 * The promises of the whole pipeline, over HTTP.
 *
 * @param form what runs, with a window of a second, no listing of the bucket, and unchanged objects so dear that no wildcard pays: what
 * other tests put there would count as part of the deploy, if it were listed
 * @param is whether the distribution takes cache tags and hides them, and requests are taken
 */
export function testPipeline(form: () => Partial<LocalStackOptions>, { isCompleteSite = false } = {}): void {
  let stack: LocalStack;
  const events: LocalEvent[] = [];
  let fault: FaultFunction | undefined;
  let started: number;
  let deletedBy: number | undefined;

  beforeAll(async () => {
    stack = await startLocalStack({
      ...form(),
      // Redeliveries in seconds instead of minutes, but later than a call that hangs is given up and made again.
      overrides: { 'Invalidator/Queue': { VisibilityTimeout: 10, 'RedrivePolicy.maxReceiveCount': 2 } },
      populate: async (s3, bucket) => {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'other.html', Body: 'untouched' }));
      },
      onEvent: (event) => events.push(event),
    });
    stack.cloudFront.fault = (call) =>
      call.paths.includes('/later.html') && callsFor('/later.html').length === 0
        ? { kind: 'refuse', status: 403, code: 'AccessDenied' }
        : fault?.(call);
    started = Date.now();
    // Is retried while the other tests run.
    await stack.sqs.send(new SendMessageCommand({ QueueUrl: stack.queue.url, MessageBody: 'not a notification' }));
    await put('later.html', 'new');
    await eventually(
      () => callsFor('/later.html').length,
      (count) => count === 1,
    );
  });

  afterAll(() => stack.close());

  const callsFor = (path: string) => stack.cloudFront.calls.filter(({ paths }) => paths.includes(path));
  const invalidationsOf = (path: string) => stack.cloudFront.invalidations.filter(({ paths }) => paths.includes(path));

  const put = (key: string, body: string) =>
    stack.s3.send(new PutObjectCommand({ Bucket: stack.site.bucket, Key: key, Body: body, ContentType: 'text/html' }));

  async function view(path: string): Promise<{ body: string; cache: string | null; status: number }> {
    const response = await fetch(stack.edge.url + path);
    return { body: await response.text(), cache: response.headers.get('x-cache'), status: response.status };
  }

  test('a changed page is stale at the edge, then fresh; the others stay in the cache', async () => {
    await put('docs/a page.html', 'old');
    await eventually(
      () => invalidationsOf('/docs/a%20page.html').length,
      (count) => count === 1,
    );
    expect((await view('/docs/a%20page.html')).body).toBe('old');
    expect((await view('/other.html')).body).toBe('untouched');

    await put('docs/a page.html', 'new');
    expect(await view('/docs/a%20page.html')).toMatchObject({ body: 'old', cache: 'Hit from cloudfront' });
    await eventually(
      () => view('/docs/a%20page.html'),
      ({ body }) => body === 'new',
    );
    // Both spellings of the page, and nothing else in the bucket.
    const paths = ['/docs/a%20page.html', '/docs/a+page.html'];
    expect(invalidationsOf('/docs/a%20page.html').at(-1)).toMatchObject({ distribution: stack.site.id, paths });
    expect((await view('/other.html')).cache).toBe('Hit from cloudfront');
  });

  test('a changed object is fresh in each spelling that viewers use, and stale in none', async () => {
    const urls = ['/logo@2x:1.html', '/logo%402x%3A1.html', '/logo%402x%3a1.html'];
    const seen = () => Promise.all(urls.map(async (url) => (await view(url)).body));
    await put('logo@2x:1.html', 'old');
    await eventually(seen, (bodies) => bodies.every((body) => body === 'old'));
    await eventually(
      () => callsFor(urls[0] ?? '').length + callsFor('/logo*').length,
      (count) => count > 0,
    );
    await put('logo@2x:1.html', 'new');
    await eventually(seen, (bodies) => bodies.every((body) => body === 'new'));
  });

  test('a deleted page is gone from the edge', async () => {
    await put('gone.html', 'here');
    await eventually(
      () => view('/gone.html'),
      ({ body, cache }) => body === 'here' && cache === 'Hit from cloudfront',
    );
    await eventually(
      () => invalidationsOf('/gone.html').length,
      (count) => count === 1,
    );
    await view('/gone.html');
    await stack.s3.send(new DeleteObjectCommand({ Bucket: stack.site.bucket, Key: 'gone.html' }));
    deletedBy = Date.now();
    expect((await view('/gone.html')).status).toBe(200);
    await eventually(
      () => view('/gone.html'),
      ({ status }) => status !== 200,
    );
  });

  test.each<[string, Fault, string[]]>([
    ['fails in passing', { kind: 'refuse', status: 503, code: 'ServiceUnavailable' }, ['refused', 'created']],
    ['hangs', { kind: 'hang' }, ['hung', 'created']],
    ['loses an answer', { kind: 'lose-answer' }, ['created', 'repeated']],
  ])('a CloudFront that %s costs a call, and no second invalidation', async (name, once, outcomes) => {
    const path = `/${name.replaceAll(' ', '-')}.html`;
    fault = ({ paths }) => (paths.includes(path) && callsFor(path).length === 0 ? once : undefined);
    await put(path.slice(1), 'new');
    await eventually(
      () => callsFor(path).length,
      (count) => count === 2,
    );
    expect(callsFor(path).map(({ outcome }) => outcome.kind)).toEqual(outcomes);
    expect(new Set(callsFor(path).map(({ callerReference }) => callerReference)).size).toBe(1);
    expect(invalidationsOf(path)).toHaveLength(1);
  });

  test("the function's log tells which invalidation covers an object", async () => {
    await put('logged.html', 'new');
    const line = await eventually(
      () => stack.logs.find(({ fields }) => JSON.stringify(fields.keys ?? '').includes('logged.html')),
      (found) => found !== undefined,
    );
    expect(line?.fields).toMatchObject({ level: 'INFO', message: 'Invalidation accepted', paths: ['/logged.html'] });
  });

  test('S3 lists its keys by code, page by page, and loses none', async () => {
    const keys = ['B', 'a', 'Z/1', 'b', 'é', 'A/2'].map((name) => `list/${name}`);
    await Promise.all(keys.map((key) => put(key, 'x')));
    const listed: (string | undefined)[] = [];
    for (let token: string | undefined, first = true; first || token; first = false) {
      const page: { Contents?: { Key?: string }[]; NextContinuationToken?: string } = await stack.s3.send(
        new ListObjectsV2Command({
          Bucket: stack.site.bucket,
          Prefix: 'list/',
          MaxKeys: 2,
          ContinuationToken: token,
        }),
      );
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
      token = page.NextContinuationToken;
    }
    expect(listed).toEqual(keys.toSorted());
  });

  test.each(['100%.html', 'a+b & c.html', '//x', 'q?a#b.html', '😀.html'])(
    'S3 holds %s under its own name',
    async (key) => {
      await put(key, key);
      const { Body } = await stack.s3.send(new GetObjectCommand({ Bucket: stack.site.bucket, Key: key }));
      expect(await Body?.transformToString()).toBe(key);
      const change = await eventually(
        () => events.find((event) => event.kind === 'changed' && event.key === key),
        (found) => found !== undefined,
      );
      expect(change).toMatchObject({ eventName: 'ObjectCreated:Put', size: Buffer.byteLength(key) });
    },
  );

  const ofCompleteSite = isCompleteSite ? test : test.skip;

  ofCompleteSite('another app has a path and a tag invalidated by a message; viewers do not see the tag', async () => {
    const page = {
      Bucket: stack.site.bucket,
      Key: 'tagged.html',
      Body: 'tagged',
      Metadata: { 'cache-tag': 'Product:7' },
    };
    await stack.s3.send(new PutObjectCommand(page));
    await eventually(
      () => invalidationsOf('/tagged.html').length,
      (count) => count === 1,
    );
    const first = await fetch(`${stack.edge.url}/tagged.html`);
    expect([await first.text(), first.headers.get('x-amz-meta-cache-tag')]).toEqual(['tagged', null]);
    expect((await view('/tagged.html')).cache).toBe('Hit from cloudfront');
    const invalidate = { distribution: stack.site.id, paths: ['/elsewhere/*'], tags: ['product:7'] };
    const MessageBody = JSON.stringify({ invalidate });
    await stack.sqs.send(new SendMessageCommand({ QueueUrl: stack.queue.url, MessageBody }));
    const [requested] = await eventually(
      () => invalidationsOf('#product:7'),
      (found) => found.length > 0,
    );
    // In a batch with changes of other tests, perhaps.
    expect(requested?.paths).toEqual(expect.arrayContaining(['#product:7', '/elsewhere/*']));
    expect((await view('/tagged.html')).cache).toBe('Miss from cloudfront');
  });

  test('what CloudFront refuses is retried, and is accepted then', async () => {
    await eventually(
      () => invalidationsOf('/later.html').length,
      (count) => count === 1,
    );
    // Between them, it may share a call with what another test lets fail.
    const outcomes = callsFor('/later.html').map(({ outcome }) => outcome.kind);
    expect([outcomes[0], outcomes.at(-1)]).toEqual(['refused', 'created']);
  });

  test('what can never be understood ends in the dead-letter queue, alone', async () => {
    const { Messages = [] } = await eventually(
      () => stack.sqs.send(new ReceiveMessageCommand({ QueueUrl: stack.deadLetterQueue.url, MaxNumberOfMessages: 10 })),
      ({ Messages: dead = [] }) => dead.length > 0,
    );
    expect(Messages.map(({ Body }) => Body)).toEqual(['not a notification']);
    const returned = events.flatMap((event) => (event.kind === 'processed' ? event.returned : []));
    const receives = returned.filter(({ body }) => body === 'not a notification');
    expect(receives.map(({ attributes }) => attributes.ApproximateReceiveCount)).toEqual(['1', '2']);
  });

  test('in the end, the audit finds every change covered by a completed invalidation, and would find one that is not', async () => {
    const { isFresh, report } = await verified(stack, {
      since: started,
      deleted: deletedBy === undefined ? [] : ['gone.html'],
      deletedBy,
      wait: 20_000,
    });
    expect([isFresh, report]).toEqual([true, expect.stringMatching(/^completed {4}later\.html {2}\/later\.html {2}/m)]);
    const never = await verified(stack, { since: started, deleted: ['never/invalidated.html'], wait: 0 });
    expect(never.isFresh).toBe(false);
    expect(never.report).toContain('not covered  never/invalidated.html  /never/invalidated.html  ');
  });
}
