import {
  CloudFrontClient,
  CreateInvalidationCommand,
  CreateInvalidationForDistributionTenantCommand,
} from '@aws-sdk/client-cloudfront';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { AuditQuestion } from '../../../cli/verify/audit';
import { audit, type Surroundings } from '../../../cli/verify/audit';
import { isFresh, reportOf } from '../../../cli/verify/report';
import { type LocalCloudFront, startCloudFront } from '../../../local/cloudfront/server';
import { startS3AndSqs } from '../../../local/s3-sqs/start';
import { distributionConfig, type ShortConfig } from '../../lambda/distribution/config';

const CLIENT = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** How long an invalidation is in progress, in ms by the clock of {@link Sites}. */
export const COMPLETION = 5_000;

export type Sites = Awaited<ReturnType<typeof startSites>>;

/** S3 and CloudFront over HTTP. CloudFront's clock can be put forward, so that no test has to wait. */
export async function startSites() {
  const aws = await startS3AndSqs(0);
  let ahead = 0;
  const cloudFront: LocalCloudFront = await startCloudFront({
    configurations: {},
    distributions: Array.from({ length: 40 }, (_, at) => `EVERIFY${at}`),
    // Two of each.
    tenants: Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`dt_${at}`, `EVERIFY${Math.floor(at / 2)}`])),
    completesAfter: COMPLETION,
    now: () => Date.now() + ahead,
  });
  const clients = {
    s3: new S3Client({ ...CLIENT, endpoint: aws.url, forcePathStyle: true }),
    cloudFront: new CloudFrontClient({ ...CLIENT, endpoint: cloudFront.url, maxAttempts: 1 }),
  };
  const calls: string[] = [];
  clients.s3.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        calls.push(commandName);
        return next(args);
      },
    { step: 'initialize' },
  );
  let number = 0;
  let failing = 0;
  clients.cloudFront.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        calls.push(commandName);
        if (commandName !== 'ListInvalidationsCommand' || failing === 0) return next(args);
        failing--;
        throw Object.assign(new Error('CloudFront encountered an internal error'), { name: 'ServiceUnavailable' });
      },
    { step: 'initialize' },
  );

  /** A bucket of its own behind a distribution of its own. */
  async function site(config: (bucket: string) => Partial<ShortConfig> = () => ({})) {
    const bucket = `site-${number}`;
    const distribution = `EVERIFY${number++}`;
    await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    cloudFront.configurations[distribution] = distributionConfig({
      origins: { site: `${bucket}.s3.eu-central-1.amazonaws.com` },
      otherwise: { origin: 'site' },
      ...config(bucket),
    });
    return {
      bucket,
      distribution,
      /** Its tenants. */
      tenants: [`dt_${2 * number - 2}`, `dt_${2 * number - 1}`] as const,
      put: (Key: string) => clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key })),
      remove: (Key: string) => clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key })),
      async invalidate(...Items: string[]) {
        const Paths = { Quantity: Items.length, Items };
        const command = new CreateInvalidationCommand({
          DistributionId: distribution,
          InvalidationBatch: { CallerReference: `reference-${number}-${Math.random()}`, Paths },
        });
        return (await clients.cloudFront.send(command)).Invalidation?.Id ?? '';
      },
      async invalidateTenant(Id: string, ...Items: string[]) {
        const Paths = { Quantity: Items.length, Items };
        const InvalidationBatch = { CallerReference: `reference-${number}-${Math.random()}`, Paths };
        const command = new CreateInvalidationForDistributionTenantCommand({ Id, InvalidationBatch });
        return (await clients.cloudFront.send(command)).Invalidation?.Id ?? '';
      },
      /** What the command finds, and what it calls for that. */
      async verify(asked: Partial<AuditQuestion> = {}, onPause: () => unknown = () => {}) {
        const question = { bucket, distribution, since: { ago: 3_600_000 }, ...asked };
        let now = 0;
        const progress: string[] = [];
        const surroundings: Surroundings = {
          now: () => now,
          async pause(ms) {
            now += ms;
            await onPause();
          },
          onProgress: (stage, detail) => void progress.push(`${stage}: ${detail}`),
        };
        calls.splice(0);
        const found = await audit(question, clients, surroundings);
        const states = Object.fromEntries(
          found.changes.map(({ change, paths }) => [change.key, paths.map(({ path, state }) => `${path} ${state}`)]),
        );
        const counted = (name: string) => calls.filter((call) => call === `${name}Command`).length;
        const report = Array.from(reportOf(question, found)).join('');
        return { ...found, states, isFresh: isFresh(found), report, counted, progress, waited: now };
      },
    };
  }

  return {
    site,
    s3Url: aws.url,
    urls: ['--endpoint-url', cloudFront.url, '--s3-endpoint-url', aws.url],
    /** Puts CloudFront's clock forward, and so completes what is in progress if that is enough. */
    later(ms: number) {
      ahead += ms;
    },
    /** When an invalidation was created, in ms. */
    createTime: (id: string) => cloudFront.invalidations.find((each) => each.id === id)?.createTime ?? 0,
    /** Lets the next lists of invalidations fail. */
    failLists(times: number) {
      failing = times;
    },
    async close() {
      for (const client of Object.values(clients)) client.destroy();
      await cloudFront.close();
      await aws.close();
    },
  };
}
