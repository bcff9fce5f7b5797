/**
 * S3 and SQS in a process of their own, for fauxqs is an ES module and jest runs CommonJS. Arguments: the port, and the names of
 * this machine as a regular expression. Tells
 * the parent where it listens, or why it does not, and every change of an object; ends with the parent.
 */
import { buildApp } from 'fauxqs';
import { changeMessage, isWanted, type ObjectChange, type QueueConfiguration, testMessage } from './notification.mts';
import { changesOf, readNotificationConfiguration, type S3Request, switchesEventBridgeOn } from './s3-request.mts';

// S3 lists keys by code; fauxqs sorts by locale but pages by code, and so loses keys between pages.
String.prototype.localeCompare = function (this: string, that: string) {
  return this < that ? -1 : this > that ? 1 : 0;
};

const region = 'us-east-1';
const app = buildApp({ logger: false, defaultRegion: region });
const configurations = new Map<string, QueueConfiguration[]>();
/** The buckets that have it switched on. */
const toEventBridge = new Set<string>();
/** The documents, for every client. */
const configurationsAsPut = new Map<string, string>();
/** When each bucket was first watched, in milliseconds. */
const watchedSince = new Map<string, number>();
/** What was there before is so much older, as it is when a stack is deployed: the function takes what is new for a part of a deploy. */
const AGE = 24 * 60 * 60 * 1_000;
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

app.addHook('onSend', async (request, _reply, payload) => {
  const { method, bucket, key } = toS3Request(request);
  const since = watchedSince.get(bucket);
  if (method !== 'GET' || key !== '' || since === undefined || typeof payload !== 'string') return payload;
  return payload.replace(/(?<=<LastModified>)[^<]+/g, (time) => {
    const at = Date.parse(time);
    return at < since ? new Date(at - AGE).toISOString() : time;
  });
});

app.addHook('onResponse', async (request, reply) => {
  if (reply.statusCode >= 300) return;
  for (const change of changesOf(toS3Request(request))) await notify(change, request.id);
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
  const url = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const { statusCode, headers } = await app.inject({ method: 'HEAD', url });
  if (statusCode !== 200) return undefined;
  return { size: Number(headers['content-length']), eTag: String(headers.etag).replaceAll('"', '') };
}

async function sendMessage(queueArn: string, body: string): Promise<void> {
  const [, , , , account, name] = queueArn.split(':');
  const { statusCode, payload } = await app.inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
    payload: JSON.stringify({ QueueUrl: `http://127.0.0.1/${account}/${name}`, MessageBody: body }),
  });
  if (statusCode !== 200) console.error(`S3 could not notify ${queueArn}: ${payload}`);
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
