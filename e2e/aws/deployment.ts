import './silent';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import CloudWatchLogs from 'aws-sdk/clients/cloudwatchlogs';
import { OPTIONS, STACK_NAME } from '../stack-options';
import type { Deployment } from '../target';
import type { Account } from './account';
import type { Cdk } from './cdk';
import { emptyBucket } from './empty-bucket';
import { functionLog } from './function-log';

/** The construct's default, in seconds. */
const DEFAULT_WINDOW = 20;

/** A stack that is still being made, or rolled back, may not be removed yet. */
const ATTEMPTS = 3;
const BETWEEN_ATTEMPTS = 20_000;

/** By the CDK's command line, in an account. */
export function awsDeployment(
  { id, region, credentials }: Account,
  cdk: Cdk,
  s3 = new S3Client({ region, credentials }),
  pause: () => Promise<void> = () => delay(BETWEEN_ATTEMPTS),
): Deployment {
  const client = { region, credentials };
  let bucket: string | undefined;

  return {
    name: `on AWS in ${region}`,

    async deploy(maxBatchingWindow = DEFAULT_WINDOW, signal) {
      const directory = await mkdtemp(join(tmpdir(), 'cloudfront-invalidator-e2e-'));
      try {
        const file = join(directory, 'outputs.json');
        const options = Object.entries({ ...OPTIONS, maxBatchingWindow }).flatMap(([name, value]) => [
          '-c',
          `${name}=${value}`,
        ]);
        const output = ['--outputs-file', file, '--output', join(directory, 'cdk.out')];
        await cdk(['deploy', STACK_NAME, ...APP, '--require-approval', 'never', ...output, ...options], signal);
        const outputs = JSON.parse(await readFile(file, 'utf8'))[STACK_NAME];
        const read = (name: string) => readOutput(outputs, name);
        bucket = read('BucketName');
        return {
          bucket,
          distribution: read('DistributionId'),
          viewerUrl: `https://${read('DomainName')}`,
          deadLetterQueueUrl: read('DeadLetterQueueUrl'),
          maxBatchingWindow,
          s3,
          sqs: new SQSClient(client),
          cloudFront: new CloudFrontClient(client),
          logSince: functionLog(new CloudWatchLogs(client), read('LogGroupName')),
        };
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },

    async remove() {
      let why = '';
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        if (attempt > 1) await pause();
        try {
          if (bucket !== undefined) await emptyBucket(s3, bucket);
          await cdk(['destroy', STACK_NAME, ...APP, '--force']);
          return;
        } catch (error) {
          why = error instanceof Error ? error.message : String(error);
        }
      }
      const byHand = `aws cloudformation delete-stack --stack-name ${STACK_NAME} --region ${region}`;
      throw new Error(`NOT REMOVED: stack ${STACK_NAME} of account ${id}. ${why} Empty its bucket, then: ${byHand}`);
    },
  };
}

const APP = ['--app', 'node --import tsx e2e/aws/app.ts'];

function readOutput(outputs: Record<string, string> | undefined, name: string): string {
  const value = outputs?.[name];
  if (value === undefined) throw new Error(`The stack has no output ${name}.`);
  return value;
}
