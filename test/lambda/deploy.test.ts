import { listable } from '../../cli/plan/bucket-in-memory';
import { compareKeys } from '../../lambda/bucket/key-order';
import { type RunningFunction, SITE, startFunction } from './function';
import { message, s3Body } from './messages';

let running: RunningFunction;
afterEach(() => running.stop());

const UPLOADED = Date.now() - 30_000;
const keys = Array.from({ length: 20_000 }, (_, at) => `images/${((at * 7919) % 20_000).toString(36)}.jpg`);
const others = Array.from({ length: 20_000 }, (_, at) => `archive/${at}.html`);

/** A deploy, in seven batches of messages. */
function batches() {
  const messages = keys.map((key, at) => {
    const time = new Date(UPLOADED - 10_000 + at / 2).toISOString();
    const record = message(`m${at}`, s3Body(key, { time }));
    record.attributes.SentTimestamp = String(UPLOADED);
    return record;
  });
  const size = Math.ceil(messages.length / 7);
  return Array.from({ length: 7 }, (_, at) => messages.slice(at * size, (at + 1) * size));
}

test('a deploy of 20,000 objects in one folder, as seven batches at one warm function, is billed one path', async () => {
  const bucket = listable([...keys, ...others].sort(compareKeys), (key) => (key.startsWith('images/') ? UPLOADED : 0));
  running = await startFunction(SITE, {}, async (request) =>
    bucket(request.prefix, request.startAfter, request.maxKeys),
  );
  for (const batch of batches()) expect((await running.receive(batch)).returned).toEqual([]);
  const paths = running.cloudFront.invalidations.flatMap((invalidation) => invalidation.paths);
  expect(paths).toEqual(['/images/*']);
}, 60_000);
