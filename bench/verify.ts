import { Readable } from 'node:stream';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { S3Client } from '@aws-sdk/client-s3';
import { audit } from '../cli/verify/audit';
import { isFresh, reportOf } from '../cli/verify/report';
import { cpuTime } from './cpu';

/** What the command has to cope with, in CPU time of its own, in s. */
const MOST_CPU = 60;
const OBJECTS = 100_000;

/** CloudFront's largest request. */
const PATHS = 3_000;

/** As many as the command reads. */
const INVALIDATIONS = 1_000;

const NOW = Date.parse('2026-11-23T08:00:00Z');
const LISTED = 1_000;

/**
 * What `cloudfront-invalidator verify` spends on a large deploy: the SDK's reading of S3's and CloudFront's answers, its own matching and
 * the report. Every object is the index document of a folder, so it has three paths.
 *
 * @returns whether it is within what is promised
 */
export async function measureVerify(print: (line: string) => void): Promise<boolean> {
  const keys = Array.from({ length: OBJECTS }, (_, at) => `section-${at % 97}/page-${at}/index.html`);
  const paths = keys.flatMap((key) => [`/${key}`, `/${key.slice(0, -10)}`, `/${key.slice(0, -11)}`]);
  const groups = Math.ceil(paths.length / PATHS);
  const exact = (at: number) => paths.slice((at % groups) * PATHS, (at % groups) * PATHS + PATHS);
  const elsewhere = (at: number) =>
    Array.from(
      { length: PATHS },
      (_, path) => `/section-${path % 97}/page-${at}-${path}/${path % 200 === 0 ? '*' : ''}`,
    );
  const loads: readonly [what: string, itemsOf: (at: number) => string[], isCovered: boolean][] = [
    [`covered by ${groups} invalidations of ${PATHS.toLocaleString('en')} paths each`, exact, true],
    ['covered by a wildcard', () => ['/*'], true],
    [
      `with ${INVALIDATIONS.toLocaleString('en')} such invalidations, 15 wildcards in each, that cover none`,
      elsewhere,
      false,
    ],
  ];
  let isWithin = true;
  for (const [what, itemsOf, isCovered] of loads) {
    const clients = {
      s3: new S3Client(answering(bucketOf(keys))),
      cloudFront: new CloudFrontClient(answering(history(itemsOf))),
    };
    const question = { bucket: 'site', distribution: 'E1', since: { ago: 3_600_000 } };
    const surroundings = { now: () => 0, pause: async () => {}, onProgress: () => {} };
    const started = cpuTime();
    const found = await audit(question, clients, surroundings);
    const report = Array.from(reportOf(question, found)).join('');
    const seconds = (cpuTime() - started) / 1_000;
    if (isFresh(found) !== isCovered || found.changes.length !== OBJECTS)
      throw new Error(`It finds otherwise: ${report.slice(-300)}`);
    if (seconds > MOST_CPU) isWithin = false;
    print(
      `${OBJECTS.toLocaleString('en')} changed objects ${what}: ${seconds.toFixed(1)} s of CPU, of ${MOST_CPU} s at most.`,
    );
  }
  return isWithin;
}

type Answer = (request: { readonly path: string; readonly query: Record<string, string> }) => string;

/** For a real client, whose requests are answered at once. */
function answering(answer: Answer) {
  return {
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      async handle(request: Parameters<Answer>[0]) {
        const headers = { 'content-type': 'application/xml', date: new Date(NOW).toUTCString() };
        return { response: { statusCode: 200, headers, body: Readable.from([Buffer.from(answer(request))]) } };
      },
    },
  };
}

/** As S3 lists it: each object has changed a minute ago. */
function bucketOf(keys: readonly string[]): Answer {
  const time = new Date(NOW - 60_000).toISOString();
  return ({ query }) => {
    const from = Number(query['continuation-token'] ?? 0);
    const contents = keys
      .slice(from, from + LISTED)
      .map(
        (key) =>
          `<Contents><Key>${key}</Key><LastModified>${time}</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag>` +
          '<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>' +
          '<Size>1024</Size><StorageClass>STANDARD</StorageClass></Contents>',
      );
    const next = from + LISTED < keys.length ? from + LISTED : undefined;
    return document(
      'ListBucketResult',
      `<EncodingType>url</EncodingType><IsTruncated>${next !== undefined}</IsTruncated>` +
        `${next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`}${contents.join('')}`,
    );
  };
}

/** A distribution whose folders have index documents, and its invalidations: the newest first, one in 10 ms. */
function history(itemsOf: (at: number) => readonly string[]): Answer {
  const summary = (at: number) =>
    `<Id>I${at}</Id><Status>Completed</Status><CreateTime>${new Date(NOW - 1 - at * 10).toISOString()}</CreateTime>`;
  return ({ path, query }) => {
    const [, id] = /\/invalidation\/I(\d+)$/.exec(path) ?? [];
    if (id !== undefined) {
      const items = itemsOf(Number(id));
      const tags = items.map((item) => `<Path>${item}</Path>`).join('');
      const batch = `<Paths><Quantity>${items.length}</Quantity><Items>${tags}</Items></Paths><CallerReference>${id}</CallerReference>`;
      return document('Invalidation', `${summary(Number(id))}<InvalidationBatch>${batch}</InvalidationBatch>`);
    }
    if (path.endsWith('/invalidation')) {
      const from = Number(query.Marker ?? 0);
      const next = from + 100 < INVALIDATIONS ? from + 100 : undefined;
      const summaries = Array.from(
        { length: 100 },
        (_, at) => `<InvalidationSummary>${summary(from + at)}</InvalidationSummary>`,
      );
      return document(
        'InvalidationList',
        `<IsTruncated>${next !== undefined}</IsTruncated><Quantity>100</Quantity><Items>${summaries.join('')}</Items>` +
          `${next === undefined ? '' : `<NextMarker>${next}</NextMarker>`}`,
      );
    }
    return document('DistributionConfig', DISTRIBUTION);
  };
}

const DISTRIBUTION =
  '<Enabled>true</Enabled><Origins><Quantity>1</Quantity><Items><Origin><Id>site</Id>' +
  '<DomainName>site.s3.eu-central-1.amazonaws.com</DomainName></Origin></Items></Origins>' +
  '<DefaultCacheBehavior><TargetOriginId>site</TargetOriginId><CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>' +
  '<FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><EventType>viewer-request</EventType>' +
  '</FunctionAssociation></Items></FunctionAssociations></DefaultCacheBehavior>';

function document(root: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${content}</${root}>`;
}
