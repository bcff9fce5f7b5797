import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { parseXML } from '@aws-sdk/xml-builder';
import { XMLParser } from 'fast-xml-parser';
import { listable } from '../cli/plan/bucket-in-memory';
import { compareKeys } from '../lambda/bucket/key-order';
import { type ListObjects, listWith, type ObjectPage } from '../lambda/bucket/list-objects';
import { NOTHING_PENDING } from '../lambda/plan/deploy';
import { inspectBucket } from '../lambda/plan/inspect-bucket';
import { leastCpu, ratio } from './cpu';
import { changedObject } from './planner';
import { keysOfASite } from './speed-planning';

const ROUNDS = 30;

/** CPU of a page of a listing, from S3's XML to the inventory, next to the mere parsing of the XML. */
export async function measurePages(): Promise<string> {
  const keys = keysOfASite(33_000);
  const changed = keys.slice(0, 3000).map(changedObject);
  const bucket = listable(keys.toSorted(compareKeys), () => 0);
  const answers = new Map<string, ObjectPage>();
  const bodies = new Map<string, string>();
  const { signal } = new AbortController();
  const origins = [{ bucket: 'site', path: '' }];
  const inspect = (list: ListObjects) =>
    inspectBucket(changed, { origins, list, limits: {}, context: NOTHING_PENDING, signal });
  const { listedPages: pages } = await inspect(async (request) => {
    const page = bucket(request.prefix, request.startAfter, request.maxKeys);
    answers.set(nameOf(request), page);
    bodies.set(nameOf(request), xmlOf(page));
    return page;
  });
  const s3 = clientAnswering(({ query }) =>
    bodies.get(nameOf({ prefix: query.prefix ?? '', startAfter: query['start-after'] ?? '' })),
  );
  const parser = new XMLParser();
  const [floor, otherFloor, own, whole] = await leastCpu(ROUNDS, [
    () => Array.from(bodies.values(), (body) => parseXML(body)),
    () => Array.from(bodies.values(), (body) => parser.parse(body)),
    () => inspect(async (request) => answers.get(nameOf(request)) as ObjectPage),
    () => inspect(listWith(s3)),
  ]);
  const perPage = (time: number | undefined) => ((time as number) / pages).toFixed(2);
  const objects = [...answers.values()].reduce((sum, page) => sum + page.objects.length, 0);
  return (
    `A list page (${pages} of them, ${Math.round(objects / pages)} keys on average) takes ${perPage(whole)} ms of CPU, of which the` +
    ` planner's own work is ${perPage(own)} ms: ${ratio(whole, floor)} times the ${perPage(floor)} ms of parsing its XML as the SDK does, and ${ratio(whole, otherFloor)} times the` +
    ` ${perPage(otherFloor)} ms with fast-xml-parser.\n`
  );
}

function nameOf({ prefix, startAfter }: { prefix: string; startAfter: string }): string {
  return `${prefix} ${startAfter}`;
}

/** As S3 writes it. */
function xmlOf({ objects, truncated }: ObjectPage): string {
  const contents = objects.map(
    ({ key }) =>
      `<Contents><Key>${encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+')}</Key>` +
      '<LastModified>2020-01-01T00:00:00.000Z</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag>' +
      '<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>' +
      '<Size>1024</Size><StorageClass>STANDARD</StorageClass></Contents>',
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<Name>site</Name><Prefix></Prefix><KeyCount>${objects.length}</KeyCount><MaxKeys>1000</MaxKeys>` +
    `<EncodingType>url</EncodingType><IsTruncated>${truncated}</IsTruncated>${contents.join('')}</ListBucketResult>`
  );
}

/** The real client, whose requests are answered at once. */
function clientAnswering(
  answer: (request: { readonly query: Record<string, string> }) => string | undefined,
): S3Client {
  return new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      handle: async (request: { readonly query: Record<string, string> }) => {
        const body = answer(request);
        if (body === undefined) throw new Error('A page is requested that was not requested before');
        const headers = { 'content-type': 'application/xml' };
        return { response: { statusCode: 200, headers, body: Readable.from([Buffer.from(body)]) } };
      },
    },
  });
}
