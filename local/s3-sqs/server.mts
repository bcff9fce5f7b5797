/**
 * S3 and SQS in a process of their own, for fauxqs is an ES module and jest runs CommonJS. Arguments: the port, and the names of
 * this machine as a regular expression. Tells
 * the parent where it listens, or why it does not, and every change of an object; ends with the parent.
 */
import { buildApp } from 'fauxqs';
import { legibleXml, urlEncoded, withoutReferences } from './listing.mts';
import { type FileToLoad, loadFiles } from './load.mts';
import { acceptAllOfXml } from './message-characters.mts';
import { MOVE_ACTIONS, type MoveAction, MoveRefused, moveTasks } from './move-tasks.mts';
import { changeMessage, isWanted, type ObjectChange, type QueueConfiguration, testMessage } from './notification.mts';
import { withReachableQueues } from './queue-urls.mts';
import { ACCESS_DENIED, errorXml, keyTooLong, mayBeListed } from './refusals.mts';
import { changesOf, readNotificationConfiguration, type S3Request, switchesEventBridgeOn } from './s3-request.mts';

// S3 lists keys by code; fauxqs sorts by locale but pages by code, and so loses keys between pages.
String.prototype.localeCompare = function (this: string, that: string) {
  return this < that ? -1 : this > that ? 1 : 0;
};

await acceptAllOfXml();

const region = 'us-east-1';
const app = buildApp({ logger: false, defaultRegion: region });
const configurations = new Map<string, QueueConfiguration[]>();
/** The buckets that have it switched on. */
const toEventBridge = new Set<string>();
/** The documents, for every client. */
const configurationsAsPut = new Map<string, string>();
/** The documents of the buckets' policies. */
const policies = new Map<string, string>();
/** When each bucket was first watched, in milliseconds. */
const watchedSince = new Map<string, number>();
/** What was there before is so much older, as it is when a stack is deployed: the function takes what is new for a part of a deploy. */
const AGE = 24 * 60 * 60 * 1_000;
/** A header that only this process sends, to itself. */
const LOADS = 'x-local-load';
let sequence = 0;

const thisMachine = new RegExp(process.argv[3] ?? '', 'i');

app.addHook('onRequest', async (request, reply) => {
  if (!thisMachine.test(request.headers.host ?? '')) return reply.status(403).send('Only for this machine.\n');
  return undefined;
});

// Get- and PutBucketNotificationConfiguration, which fauxqs does not have.
app.addHook('preHandler', async (request, reply) => {
  const { method, bucket, key, query, body } = toS3Request(request);
  if (bucket === '' || key !== '' || !('notification' in query)) return undefined;
  if (method === 'GET') {
    return reply.type('application/xml').send(configurationsAsPut.get(bucket) ?? '<NotificationConfiguration/>');
  }
  if (method !== 'PUT') return undefined;
  const put = readNotificationConfiguration(body);
  configurations.set(bucket, put);
  if (switchesEventBridgeOn(body)) toEventBridge.add(bucket);
  else toEventBridge.delete(bucket);
  if (!watchedSince.has(bucket)) watchedSince.set(bucket, Date.now());
  configurationsAsPut.set(bucket, String(body));
  const queues = new Set(put.map((configuration) => configuration.queueArn));
  for (const queue of queues) await sendMessage(queue, testMessage(bucket, new Date(), request.id));
  return reply.status(200).send();
});

// Put-, Get- and DeleteBucketPolicy, which it has neither: of a policy counts whether viewers may know what is absent.
app.addHook('preHandler', async (request, reply) => {
  const { method, bucket, key, query, body } = toS3Request(request);
  if (bucket === '' || key !== '' || !('policy' in query)) return undefined;
  if (method === 'PUT') policies.set(bucket, String(body));
  if (method === 'DELETE') policies.delete(bucket);
  if (method !== 'GET') return reply.status(204).send();
  const policy = policies.get(bucket);
  if (policy !== undefined) return reply.type('application/json').send(policy);
  const refusal = errorXml('NoSuchBucketPolicy', 'The bucket policy does not exist');
  return reply.status(404).type('application/xml').send(refusal);
});

app.addHook('preHandler', async (request, reply) => {
  const { method, key } = toS3Request(request);
  const refusal = keyTooLong(key);
  if (refusal === undefined) return undefined;
  return reply
    .status(400)
    .type('application/xml')
    .send(method === 'HEAD' ? undefined : refusal);
});

// Of the keys in a DeleteObjects, it reads no character references.
app.addHook('preHandler', async (request) => {
  const { method, key, query, body } = toS3Request(request);
  if (method === 'POST' && key === '' && 'delete' in query) request.body = Buffer.from(withoutReferences(String(body)));
});

// The message move tasks of SQS, which fauxqs does not have.
const moveTask = moveTasks(callSqs);
app.addHook('preHandler', async (request, reply) => {
  const action = String(request.headers['x-amz-target'] ?? '').replace('AmazonSQS.', '') as MoveAction;
  if (!MOVE_ACTIONS.includes(action)) return undefined;
  reply.type('application/x-amz-json-1.0');
  try {
    return reply.send(JSON.stringify(await moveTask(action, request.body as object)));
  } catch (error) {
    if (!(error instanceof MoveRefused)) throw error;
    const { code, message } = error;
    return reply.status(400).send(JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }));
  }
});

// Not async: fauxqs's handlers end before an answer that waits, and Fastify takes that for a failure.
app.addHook('onSend', (request, reply, payload, done) => {
  const asked = toS3Request(request);
  if (asked.key !== '' && isHidden(asked, reply.statusCode, payload)) {
    reply.code(403);
    return done(null, asked.method === 'HEAD' ? payload : ACCESS_DENIED);
  }
  if (typeof payload !== 'string') return done(null, payload);
  const { host = '', 'x-amz-target': target } = request.headers;
  const isXml = String(reply.getHeader('content-type')).includes('xml');
  return done(null, isXml ? xmlOf(asked, payload) : withReachableQueues(payload, String(target), host));
});

/** Who may not list a bucket, as CloudFront may not unless its policy says so, is not told that an object is absent. */
function isHidden({ method, bucket, query, headers }: S3Request, status: number, payload: unknown): boolean {
  const isSigned = 'authorization' in headers || 'X-Amz-Signature' in query || 'Signature' in query;
  if (status !== 404 || isSigned || mayBeListed(policies.get(bucket))) return false;
  return method === 'HEAD' || String(payload).includes('<Code>NoSuchKey</Code>');
}

function xmlOf({ method, bucket, key, query }: S3Request, xml: string): string {
  if (method !== 'GET' || key !== '') return legibleXml(xml);
  const since = watchedSince.get(bucket) ?? Number.NEGATIVE_INFINITY;
  const dated = xml.replace(/(?<=<LastModified>)[^<]+/g, (time) => {
    const at = Date.parse(time);
    return at < since ? new Date(at - AGE).toISOString() : time;
  });
  return legibleXml(query['encoding-type'] === 'url' ? urlEncoded(dated) : dated);
}

app.addHook('onResponse', async (request, reply) => {
  if (reply.statusCode >= 300 || LOADS in request.headers) return;
  for (const change of changesOf(toS3Request(request))) await notify(change, request.id);
});

/** What the parent wants put into a bucket: it is told what came of it, and no change. */
interface Load {
  readonly id: number;
  readonly bucket: string;
  readonly files: readonly FileToLoad[];
}

process.on('message', ({ id, bucket, files }: Load) => {
  const put = async ({ key, contentType }: FileToLoad, payload: Buffer) => {
    const headers = { 'content-type': contentType, [LOADS]: 'yes' };
    const { statusCode, body } = await app.inject({ method: 'PUT', url: urlOf(bucket, key), headers, payload });
    if (statusCode !== 200) throw new Error(/<Message>([^<]*)/.exec(body)?.[1] ?? `S3 answers ${statusCode}`);
  };
  void loadFiles(files, put, (loaded) => process.send?.({ kind: 'loading', id, loaded })).then((loaded) =>
    process.send?.({ kind: 'loaded', id, ...loaded }),
  );
});
process.on('SIGINT', () => {}); // The parent decides when to stop.
process.on('disconnect', () => process.exit());
app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) }).then(
  (url) => process.send?.({ kind: 'listening', url }),
  (error: { code?: string }) =>
    process.send?.({ kind: 'failed', code: error.code ?? String(error) }, () => process.exit(1)),
);

async function notify(change: ObjectChange, requestId: string): Promise<void> {
  const time = new Date();
  const object = change.eventName.startsWith('ObjectCreated') ? await headObject(change) : undefined;
  const eventBridge = toEventBridge.has(change.bucket);
  process.send?.({ kind: 'changed', ...change, ...object, at: time.getTime(), eventBridge });
  sequence += 1;
  const sequencer = (time.getTime() * 1_000 + (sequence % 1_000)).toString(16).toUpperCase().padStart(18, '0');
  for (const configuration of configurations.get(change.bucket) ?? []) {
    if (!isWanted(change, configuration)) continue;
    const details = { time, region, requestId, sequencer, object };
    await sendMessage(configuration.queueArn, changeMessage(change, configuration.id, details));
  }
}

async function headObject({ bucket, key }: ObjectChange): Promise<{ size: number; eTag: string } | undefined> {
  const { statusCode, headers } = await app.inject({ method: 'HEAD', url: urlOf(bucket, key) });
  if (statusCode !== 200) return undefined;
  return { size: Number(headers['content-length']), eTag: String(headers.etag).replaceAll('"', '') };
}

async function sendMessage(queueArn: string, body: string): Promise<void> {
  const [, , , , account, name] = queueArn.split(':');
  await callSqs('SendMessage', { QueueUrl: `http://127.0.0.1/${account}/${name}`, MessageBody: body }).catch((error) =>
    console.error(`S3 could not notify ${queueArn}: ${error.message}`),
  );
}

async function callSqs<T>(action: string, input: object): Promise<T> {
  const { statusCode, payload } = await app.inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    payload: JSON.stringify(input),
  });
  if (statusCode !== 200) throw new Error(payload);
  return JSON.parse(payload || '{}');
}

function urlOf(bucket: string, key: string): string {
  return `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

function toS3Request(request: {
  method: string;
  params: unknown;
  query: unknown;
  headers: object;
  body: unknown;
}): S3Request {
  const params = (request.params ?? {}) as { bucket?: string; '*'?: string };
  return {
    method: request.method,
    bucket: params.bucket ?? '',
    key: params['*'] ?? '',
    query: (request.query ?? {}) as Record<string, unknown>,
    headers: request.headers as Record<string, unknown>,
    body: request.body,
  };
}
