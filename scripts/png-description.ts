import { crc32 } from 'node:zlib';

/** The keyword that PNG has for it: https://www.w3.org/TR/png-3/#11keywords */
const KEYWORD = 'Description\0';

const SIGNATURE_LENGTH = 8;

/** A chunk has its length and its type before its data, and a checksum after them. */
const HEAD = 8;
const CHECKSUM = 4;

/** A PNG that says itself what it shows, so that its caption can be compared with it. */
export function describePng(png: Buffer, description: string): Buffer {
  const end = chunksOf(png).find(({ type }) => type === 'IEND')?.start ?? png.length;
  const content = Buffer.from(`tEXt${KEYWORD}${description}`, 'latin1');
  const chunk = Buffer.alloc(4 + content.length + CHECKSUM);
  chunk.writeUInt32BE(content.length - 4, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), 4 + content.length);
  return Buffer.concat([png.subarray(0, end), chunk, png.subarray(end)]);
}

/** What a PNG says that it shows; undefined: nothing. */
export function descriptionOf(png: Buffer): string | undefined {
  const texts = chunksOf(png)
    .filter(({ type }) => type === 'tEXt')
    .map(({ data }) => data.toString('latin1'));
  return texts.find((text) => text.startsWith(KEYWORD))?.slice(KEYWORD.length);
}

function chunksOf(png: Buffer): { start: number; type: string; data: Buffer }[] {
  const chunks = [];
  for (let start = SIGNATURE_LENGTH; start < png.length; ) {
    const length = png.readUInt32BE(start);
    const type = png.toString('latin1', start + 4, start + HEAD);
    chunks.push({ start, type, data: png.subarray(start + HEAD, start + HEAD + length) });
    start += HEAD + length + CHECKSUM;
  }
  return chunks;
}
