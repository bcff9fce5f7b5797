import * as fc from 'fast-check';
import { eventBridgeBody, s3Body, snsBody, TEST_EVENT } from '../lambda/messages';

/** Text of any code units, halves of surrogate pairs among them. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.integer({ min: 0xd7f0, max: 0xe010 })))
  .map((codes) => String.fromCharCode(...codes));

/** What the encoder has a rule for. */
const PIECES = [
  '/',
  '//',
  '..',
  'index.html',
  ' ',
  '+',
  '~',
  '*',
  '?',
  '#',
  '%',
  '%2A',
  '%7E',
  '%zz',
  '\\',
  '\n',
  '\0',
];

/** Keys of every kind; of up to S3's 1,024 bytes and beyond. */
export const anyKey: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: fc.constantFrom(...PIECES, 'a', 'é', '日', '🎉'), minLength: 1 }),
  fc.tuple(fc.constantFrom(...PIECES, 'a', 'é', '日', '🎉'), fc.nat(1_500)).map(([piece, n]) => piece.repeat(n + 1)),
  fc
    .tuple(fc.nat(12), fc.constantFrom('é', '日', '🎉', '%'), fc.nat(700))
    .map(([a, it, n]) => 'a'.repeat(a) + it.repeat(n + 1)),
  anyText,
);

/** Bodies that S3, EventBridge and SNS do send. */
const genuine: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }).map((key) => s3Body(key)),
  fc.string({ unit: 'binary', minLength: 1 }).map((key) => eventBridgeBody(key)),
  fc.string({ unit: 'binary', minLength: 1 }).map((key) => snsBody(s3Body(key))),
  fc.constant(TEST_EVENT),
);

/** A genuine body with a piece of its text gone, doubled or replaced. */
const damaged: fc.Arbitrary<string> = fc
  .tuple(
    genuine,
    fc.nat(),
    fc.nat(40),
    fc.oneof(fc.constant(''), anyText, fc.json(), fc.constantFrom('%', '%zz', '\\ud800', '"', '}')),
  )
  .map(([body, at, length, instead]) => {
    const from = at % body.length;
    return body.slice(0, from) + instead + body.slice(from + length);
  });

/** A genuine body in which one value, at whatever depth, is another. */
const altered: fc.Arbitrary<string> = fc
  .tuple(genuine, fc.nat(), fc.oneof(fc.anything(), fc.constantFrom(null, [], {}, '', 0, '__proto__'), anyText))
  .map(([body, which, value]) => {
    const event: unknown = JSON.parse(body);
    const places = placesIn(event);
    const [holder, name] = places[which % places.length] as Place;
    holder[name] = value;
    return asJson(event);
  });

/** Whatever the queue may bring. */
export const anyBody: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything(),
  anyText,
  fc.json(),
  genuine,
  damaged,
  altered,
  altered.map(snsBody),
);

type Place = readonly [holder: Record<string, unknown>, name: string];

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name): Place[] => [[holder, name], ...placesIn(holder[name])]);
}

/** JSON has no text for some of what fast-check can think of. */
function asJson(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each));
}
