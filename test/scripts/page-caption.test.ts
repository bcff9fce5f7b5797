import { crc32, deflateSync } from 'node:zlib';
import { createRecord } from '../../local/page/record';
import { captionOf } from '../../scripts/page-caption';
import { captionsIn, withCaption } from '../../scripts/picture-in-markdown';
import { describePng, descriptionOf } from '../../scripts/png-description';
import { deploy, WATCHED } from '../page/deploy';

/** A PNG of one black pixel. */
const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  chunk('IHDR', Buffer.from('00000001000000010800000000', 'hex')),
  chunk('IDAT', deflateSync(Buffer.from([0, 0]))),
  chunk('IEND', Buffer.alloc(0)),
]);

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length);
  numbers.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([numbers.subarray(0, 4), content, numbers.subarray(4)]);
}

test('a caption counts what the record has', () => {
  const record = createRecord(() => 0);
  record.begin(WATCHED);
  record.event({ kind: 'loaded', bucket: WATCHED.bucket, keys: ['docs/kept.html', 'other.html'] });
  deploy(record, ['first.html'], ['/first.html']);
  const docs = Array.from({ length: 1_200 }, (_, at) => `docs/${at}.html`);
  deploy(record, docs, ['/docs/*']);
  const page = { path: '/docs/1.html', eTag: 'e', changedAt: 0 };
  record.stale(page);
  record.fresh(page, 1);
  const snapshot = record.snapshot(undefined);
  const [chosen] = snapshot.batches;
  if (!chosen) throw new Error('There is no batch.');
  expect(captionOf(snapshot, chosen, [chosen])).toBe(
    'The page of a local run, with a number at each stop of the tour. ' +
      'The bucket has 1,203 objects; 1,200 have changed, and arrived in 1 batch. ' +
      'The chosen batch has sent 1 wildcard, drawn at its folder: 1 unchanged object evicted. ' +
      'In all, 2 paths cost $0.00, where one path per URL would be 1,201 paths and $1.01. ' +
      'At the edge, 1 page went from stale to fresh, and the next step is to deploy.',
  );
});

test('a picture says what it shows, and is a picture still', () => {
  expect(descriptionOf(PNG)).toBeUndefined();
  const described = describePng(PNG, 'one black pixel: $0.00');
  expect(descriptionOf(described)).toBe('one black pixel: $0.00');
  const added = chunk('tEXt', Buffer.from('Description\0one black pixel: $0.00'));
  expect(described).toEqual(Buffer.concat([PNG.subarray(0, -12), added, PNG.subarray(-12)]));
});

test('a page gets the new caption, in lines that are not long, and nothing else of it changes', () => {
  const caption = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ');
  const page = 'Before.\n\n![The old\none](docs/page.png)\n\n![another](docs/planner.svg) after.\n';
  const changed = withCaption(page, caption);
  expect(captionsIn(changed)).toEqual([caption]);
  expect(Math.max(...changed.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(changed.replace(/!\[word[^\]]*\]/, '![The old\none]')).toBe(page);
});
