import { setTimeout as pause } from 'node:timers/promises';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { type AuditQuestion, audit } from '../../cli/verify/audit';
import { isFresh, reportOf } from '../../cli/verify/report';
import type { LocalStack } from '../local-stack';
import { REGION } from '../template/physical-names';

/** What has changed in a running stack, and since when. Times in ms since the epoch. */
export interface ChangedSince {
  readonly since: number;
  /** Keys of deleted objects. @default - none */
  readonly deleted?: readonly string[];
  /** By when they were deleted. @default - now */
  readonly deletedBy?: number;
  /** How long to wait until everything is completed, in ms. @default 3000 */
  readonly wait?: number;
}

/**
 * What `cloudfront-invalidator verify` says of a running stack.
 *
 * @returns whether everything that has changed is covered by completed invalidations, and the command's own words
 */
export async function verified(
  { site, s3, cloudFront: { url }, rules }: Pick<LocalStack, 'site' | 's3' | 'cloudFront' | 'rules'>,
  { since, deleted = [], deletedBy, wait = 3_000 }: ChangedSince,
): Promise<{ readonly isFresh: boolean; readonly report: string }> {
  const question: AuditQuestion = {
    bucket: site.bucket,
    distribution: site.id,
    since: { at: since },
    keys: deleted,
    changedBy: deletedBy === undefined ? undefined : { at: deletedBy },
    wait,
    aliases: rules,
    // Both have the clock of this machine.
    clockTolerance: 0,
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const cloudFront = new CloudFrontClient({ region: REGION, credentials, endpoint: url });
  try {
    const surroundings = {
      now: () => performance.now(),
      pause: (ms: number) => pause(ms),
      onProgress: () => {},
    };
    const found = await audit(question, { s3, cloudFront }, surroundings);
    return { isFresh: isFresh(found), report: Array.from(reportOf(question, found)).join('') };
  } finally {
    cloudFront.destroy();
  }
}
