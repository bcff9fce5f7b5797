import {
  type CloudFrontClient,
  type GetInvalidationCommand,
  ListInvalidationsCommand,
} from '@aws-sdk/client-cloudfront';
import type { Invalidation } from '../../../cli/verify/coverage';
import { invalidationReader } from '../../../cli/verify/invalidation-reader';

const NEWEST = Date.parse('2026-11-23T08:00:00.000Z');

/** A history of so many invalidations, a second apart, in pages of 100. @param gone ids that are listed, and are no longer there */
function historyOf(length: number, { gone = [] as readonly string[], offset = 0 } = {}) {
  const read: string[] = [];
  const client = {
    async send(command: unknown) {
      if (command instanceof ListInvalidationsCommand) {
        const from = Number(command.input.Marker ?? 0);
        const Items = Array.from({ length: Math.min(100, length - from) }, (_, at) => ({
          Id: `I${from + at}`,
          CreateTime: new Date(NEWEST + offset - (from + at) * 1_000),
          Status: 'Completed',
        }));
        const IsTruncated = from + 100 < length;
        return { InvalidationList: { Items, IsTruncated, NextMarker: IsTruncated ? `${from + 100}` : undefined } };
      }
      const { Id = '' } = (command as GetInvalidationCommand).input;
      read.push(Id);
      if (gone.includes(Id)) throw Object.assign(new Error('It is gone'), { name: 'NoSuchInvalidation' });
      return { Invalidation: { Id, Status: 'Completed', InvalidationBatch: { Paths: { Items: [`/${Id}`] } } } };
    },
  } as unknown as CloudFrontClient;
  const taken: Invalidation[] = [];
  return {
    read,
    taken,
    reader: invalidationReader(client, { distribution: 'E1AAAAAA' }, (each) => void taken.push(each)),
  };
}

const ANY = () => 0;

test('no more than the newest thousand are read, and it tells that there are more', async () => {
  const all = historyOf(1_000);
  await all.reader.read(ANY);
  expect([all.read.length, all.reader.isCutShort]).toEqual([1_000, false]);
  const more = historyOf(1_001);
  await more.reader.read(ANY);
  expect([more.read.length, more.read.at(-1), more.reader.isCutShort]).toEqual([1_000, 'I999', true]);
});

test('one that CloudFront lists and no longer has is passed over, and not asked for again', async () => {
  const { reader, read, taken } = historyOf(3, { gone: ['I1'] });
  await reader.read(ANY);
  await reader.read(ANY);
  expect(read).toEqual(['I0', 'I1', 'I2']);
  expect(taken.map(({ items }) => items)).toEqual([['/I0'], ['/I2']]);
});

test('it stops at the first that is too old, as the wanted age stands then', async () => {
  const { reader, read, taken } = historyOf(500);
  await reader.read(() => (taken.length < 3 ? 0 : NEWEST));
  expect(read).toEqual(['I0', 'I1', 'I2']);
});

test('times are exact if some of a page are not in whole seconds, and may be rounded if all are', async () => {
  const exact = historyOf(1, { offset: 1 });
  await exact.reader.read(ANY);
  expect(exact.taken[0]?.time).toEqual({ earliest: NEWEST + 1, latest: NEWEST + 1 });
  const rounded = historyOf(1);
  await rounded.reader.read(ANY);
  expect(rounded.taken[0]?.time).toEqual({ earliest: NEWEST - 999, latest: NEWEST + 999 });
});
