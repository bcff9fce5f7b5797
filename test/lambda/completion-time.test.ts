import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { makeFollower } from '../../lambda/completion/follow';
import { systemClock, timeLeft } from '../../lambda/dispatch/clock';
import type { AcceptedInvalidation } from '../../lambda/event/completion';
import type { Telemetry } from '../../lambda/telemetry/telemetry';

const invalidation: AcceptedInvalidation = {
  ...{ distribution: 'E1SITE', invalidationId: 'I1', callerReference: 'm1-x' },
  ...{ paths: ['/a'], pathCount: 1, keys: ['a'], keyCount: 1 },
  ...{ oldestChange: new Date().toISOString(), accepted: new Date().toISOString() },
};

/** How long each deadline would be, in ms; it is over at once. */
const deadlines: number[] = [];
const clock = {
  ...systemClock,
  deadline(ms: number) {
    deadlines.push(ms);
    return AbortSignal.abort(new Error('Out of time'));
  },
};

const warnings: string[] = [];
const telemetry = {
  eventNotSent: () => warnings.push('not sent'),
  notFollowed: () => warnings.push('not followed'),
  checkFailed: () => warnings.push('failed'),
} as unknown as Telemetry;

/** Nothing answers, whatever is sent, until the signal says that it is over. */
const hang = (_: unknown, ...rest: unknown[]) => {
  const signal = rest.at(-1) as AbortSignal;
  return new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
};

const follower = makeFollower({
  targets: [{ distribution: 'E1SITE' }],
  cloudFront: new CloudFrontClient({ region: 'us-east-1' }),
  putEvent: hang,
  sendLater: hang,
  clock,
});

beforeEach(() => {
  deadlines.length = warnings.length = 0;
});

test('an announcement ends before the 2 s that the function keeps for reporting', async () => {
  await follower.announce(invalidation, telemetry);
  expect(warnings).toEqual(['not sent', 'not followed']);
  expect(Math.max(...deadlines)).toBeLessThan(2000);
});

test.each([
  [40_000, 5000],
  [700, 700],
])(
  'with %s ms left, all looks end after %s ms, and what has not been looked at is received again',
  async (left, ms) => {
    const received = ['c1', 'c2'].map((messageId) => ({
      ...{ messageId, receiveCount: 1 },
      invalidation: { ...invalidation, invalidationId: messageId },
    }));
    const again = await follower.check(received, { ...timeLeft(systemClock, left), left: () => left }, telemetry);
    expect(deadlines).toEqual([ms]);
    expect(again).toEqual(['c1', 'c2']);
    expect(warnings).toEqual(['failed', 'failed']);
  },
);
