import { formEncode } from './notification.mts';

/** Elements of a listing that S3 encodes, if it is told to by `encoding-type=url`. */
const ENCODED = /<(Key|Prefix|Delimiter|StartAfter|Marker|NextMarker)>([^<]*)<\/\1>/g;

/** What no XML may hold as it is; of the line ends, a parser makes others of a carriage return. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about
const NOT_IN_XML = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g;

/** XML in which every character of a key comes through: as a character reference, as S3 has it. */
export function legibleXml(xml: string): string {
  return xml.replace(NOT_IN_XML, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}

/** XML with the characters that its numeric references stand for, but those that would be markup. */
export function withoutReferences(xml: string): string {
  return xml.replace(/&#(x[0-9a-f]+|\d+);/gi, (reference, code: string) => {
    const point = Number(/^x/i.test(code) ? `0${code}` : code);
    return point > 0x10ffff || '<>&'.includes(String.fromCodePoint(point)) ? reference : String.fromCodePoint(point);
  });
}

/** A listing as `encoding-type=url` asks for it: its keys are encoded as forms are, so that any XML parser reads them. */
export function urlEncoded(listing: string): string {
  return listing
    .replace(ENCODED, (_, name: string, text: string) => `<${name}>${formEncode(unescapeXml(text))}</${name}>`)
    .replace('</ListBucketResult>', '  <EncodingType>url</EncodingType>\n</ListBucketResult>');
}

function unescapeXml(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => CHARACTERS[name] ?? '');
}

const CHARACTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
