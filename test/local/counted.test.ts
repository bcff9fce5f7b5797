import type { CreateCall, Fault } from '../../local/cloudfront/fault';
import type { LocalEvent } from '../../local/local-stack';
import { EFFORT, PATIENCE } from '../effort';
import { s3Record } from '../lambda/messages';
import { eventually } from './eventually';
import { type HastyStack, startHastyStack } from './hasty-stack';
import { newestInvalidations } from './newest-invalidations';

jest.setTimeout(PATIENCE);

const { changedKeys } = EFFORT;

/** S3 sends one; a message may hold more, and so the queue is not what takes the time here. */
const RECORDS_PER_MESSAGE = 20;

/** Messages that wait in the queue at most: the rest is sent as they are handled. */
const MOST_WAITING = 2_000;

/** The last can only be covered by a wildcard. Plans with many of these wait for each other, so only two sections have it. */
const NAMES = ['page', 'a page', 'à', 'c~'];
const keys = Array.from({ length: changedKeys }, (_, at) => {
  const section = Math.floor(at / 200);
  return `section-${section}/${NAMES[at % (section < 2 ? 4 : 3)]}-${at}.html`;
});

const MAPPING = 'Invalidator/Function/SqsEventSource:CloudFrontInvalidatorQueueEEF62167';

let stack: HastyStack;
const out = { deletedMessages: 0, retriedMessages: 0, keys: new Map<string, number>() };

function count(event: LocalEvent): void {
  if (event.kind === 'processed') {
    // S3 sends one of its own when the stack begins to watch the bucket.
    out.deletedMessages += event.deleted.filter(({ body }) => !body.includes('s3:TestEvent')).length;
    out.retriedMessages += event.returned.length;
  }
  if (event.kind !== 'log') return;
  const { message, keys: told } = event.line.fields;
  if (!/^(Invalidation accepted|Already covered)/.test(String(message))) return;
  for (const key of told as string[]) out.keys.set(key, (out.keys.get(key) ?? 0) + 1);
}

/** Of a hundred calls some thirty go wrong, each in one of the ways that pass. */
function trouble({ number }: CreateCall): Fault | undefined {
  // What no invocation waits for: somebody changes the permissions, and changes them back.
  if (number % 19 === 6) return { kind: 'refuse', status: 403, code: 'AccessDenied' };
  if (number % 7 === 2) return { kind: 'lose-answer' };
  if (number % 11 === 3) return { kind: 'refuse', status: 503, code: 'ServiceUnavailable' };
  if (number % 13 === 4) return { kind: 'refuse', status: 400, code: 'Throttling', message: 'Rate exceeded' };
  return number % 17 === 5 ? { kind: 'garble-answer', as: 'truncated-xml' } : undefined;
}

beforeAll(async () => {
  stack = await startHastyStack({
    // Exact paths, and so few in a request that no plan is wide: those wait for each other.
    context: { maxBatchingWindow: '1', refetchesPerPath: '0.001', inspectBucket: 'false' },
    overrides: {
      'Invalidator/Queue': { VisibilityTimeout: 3_600, 'RedrivePolicy.maxReceiveCount': 20 },
      [MAPPING]: { BatchSize: 20 },
    },
    cloudFront: { fault: trouble, completesAfter: 1 },
    onEvent: count,
  });
});

afterAll(() => stack.close());

test(`${changedKeys.toLocaleString('en')} changed keys go in, and as many come out, each under a newer invalidation`, async () => {
  const changedAt = new Map<string, number>();
  let sent = 0;
  for (let at = 0; at < keys.length; at += 50 * RECORDS_PER_MESSAGE) {
    const now = Date.now();
    const bodies = Array.from({ length: 50 }, (_, message) => {
      const from = at + message * RECORDS_PER_MESSAGE;
      const changed = keys.slice(from, from + RECORDS_PER_MESSAGE);
      for (const key of changed) changedAt.set(key, now);
      return JSON.stringify({ Records: changed.map((key) => changeOf(key, now)) });
    });
    await stack.send(bodies);
    sent += bodies.length;
    await eventually(
      () => sent - out.deletedMessages,
      (waiting) => waiting < MOST_WAITING,
      PATIENCE,
    );
  }
  const dead = await stack.settled(PATIENCE);

  expect(dead).toEqual([]);
  expect(out.deletedMessages).toBe(changedKeys / RECORDS_PER_MESSAGE);
  expect(changedAt.size).toBe(changedKeys);
  expect(out.keys.size).toBe(changedKeys);
  const newest = newestInvalidations(stack.cloudFront.invalidations);
  const isFresh = (key: string) => urlsOf(key).every((url) => newest(url) >= (changedAt.get(key) as number));
  const stale = keys.filter((key) => !isFresh(key) || !out.keys.has(key));
  expect(stale).toEqual([]);
  // It was as rough as it was meant to be.
  expect(out.retriedMessages).toBeGreaterThan(0);
});

function changeOf(key: string, at: number) {
  return s3Record(key, { bucket: stack.site.bucket, time: new Date(at).toISOString() });
}

/** As viewers ask for it, who write a space in either way. */
function urlsOf(key: string): string[] {
  const url = `/${encodeURI(key)}`;
  return [url, url.replaceAll('%20', '+')];
}
