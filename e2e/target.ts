import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** What viewers' objects begin with: the deployed invalidator watches them. */
export const WATCHED = 'site/';

/** What the experiments invalidate themselves: nobody watches it. */
export const UNWATCHED = 'lab/';

/** A deployed complete site, on AWS or on this machine. */
export interface Target {
  readonly bucket: string;
  readonly distribution: string;
  /** Where viewers find it, without a slash at the end. */
  readonly viewerUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Seconds. */
  readonly maxBatchingWindow: number;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly cloudFront: CloudFrontClient;
  /** How far the clocks of S3 and CloudFront may differ, in ms. @default - as `cloudfront-invalidator verify` assumes */
  readonly clockTolerance?: number;
  /** The fields of each line of the function's log since a time, in ms since the epoch. */
  logSince(time: number): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** What deploys targets, and removes everything that it has deployed. */
export interface Deployment {
  /** Where that is, for the heading of the table. */
  readonly name: string;
  /** @param maxBatchingWindow seconds. @default - the construct's own */
  deploy(maxBatchingWindow: number | undefined, signal: AbortSignal): Promise<Target>;
  /** Removes what there is, be it complete or half deployed. @throws an Error that says what is left, and how to remove it */
  remove(): Promise<void>;
}
