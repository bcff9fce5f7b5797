import * as fc from 'fast-check';
import { readBatch } from '../../lambda/event/batch';
import { parseNotification } from '../../lambda/event/s3-notification';
import { servedChanges } from '../../lambda/event/served-changes';
import { aliasesBy } from '../../lambda/paths/alias';
import { servedDistribution } from '../../lambda/paths/served-origins';
import { plan } from '../../lambda/plan/plan';
import { isWildcard, pathFault } from '../../local/cloudfront/path-rules';
import { EFFORT, PATIENCE } from '../effort';
import { eventBridgeBody, message, s3Body, snsBody } from '../lambda/messages';
import { anyBody } from './anything';

jest.setTimeout(PATIENCE);

const RUNS = { numRuns: EFFORT.fuzzRuns };

test('whatever the body, the parser says what it is, and what it says is whole', () => {
  fc.assert(
    fc.property(anyBody, (body) => {
      const notification = parseNotification(body);
      if (notification.kind === 'request' || notification.kind === 'completion') return;
      if (notification.kind !== 'changes') {
        expect(['nothing', 'malformed']).toContain(notification.kind);
        // A line of the log must hold it.
        expect(notification.why.length).toBeLessThan(1_000);
        return;
      }
      expect(notification.changes.length).toBeGreaterThan(0);
      for (const { bucket, key, time } of notification.changes) {
        expect(bucket).not.toBe('');
        expect(key).not.toBe('');
        expect(key.isWellFormed()).toBe(true);
        if (time !== undefined) expect(Number.isFinite(time)).toBe(true);
      }
    }),
    RUNS,
  );
});

test('any key comes out of a notification as it was in the bucket', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (key) => {
      for (const body of [s3Body(key), eventBridgeBody(key), snsBody(s3Body(key))]) {
        expect(parseNotification(body)).toMatchObject({ kind: 'changes', changes: [{ bucket: 'site', key }] });
      }
    }),
    RUNS,
  );
});

const aliasesOf = aliasesBy([{ pattern: '{all+}', paths: ['/all/{all}', '/{all}-*', '/q?of={all}'] }]);

const configuration = {
  origins: [
    { bucket: 'site', distribution: 'E1SITE', path: '', excludes: () => false, aliasesOf: () => [] },
    {
      bucket: 'site',
      distribution: 'E2DOCS',
      path: '/docs',
      excludes: () => false,
      aliasesOf,
      queryStrings: true,
    },
  ],
  indexDocument: 'index.html',
  refetchesPerPath: 100,
  inspectBucket: false,
};

test('whatever the batch, each message is accounted for, and every path of the plan is one that CloudFront takes', () => {
  fc.assert(
    fc.property(fc.array(anyBody, { minLength: 1, maxLength: 8 }), (bodies) => {
      const records = bodies.map((body, index) => message(`m${index}`, body as string));
      const batch = readBatch(records);
      const accounted = new Set([
        ...batch.malformed.map(({ record }) => record.messageId),
        ...batch.ignored.map(({ messageId }) => messageId),
        ...batch.changes.map(({ messageId }) => messageId),
      ]);
      expect(accounted.size).toBe(records.length);
      for (const distribution of ['E1SITE', 'E2DOCS']) {
        const { origins } = servedDistribution(configuration, { distribution }, undefined);
        const { changes, notServed } = servedChanges(batch.changes, origins);
        const told = [...changes, ...notServed.keys()].map(({ messageId, key }) => `${messageId} ${key}`);
        expect(new Set(told)).toEqual(new Set(batch.changes.map(({ messageId, key }) => `${messageId} ${key}`)));
        const { paths } = plan(changes);
        expect(paths.map(pathFault).filter(Boolean)).toEqual([]);
        expect(paths.filter(isWildcard).length).toBeLessThanOrEqual(15);
      }
    }),
    RUNS,
  );
});
