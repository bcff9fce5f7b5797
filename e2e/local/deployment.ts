import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { LocalCloudFrontOptions } from '../../local/cloudfront/server';
import { type LocalStack, startLocalStack } from '../../local/local-stack';
import { REGION } from '../../local/template/physical-names';
import { OPTIONS } from '../stack-options';
import type { Deployment } from '../target';

/** The same stack on this machine. */
export function localDeployment(cloudFront: Pick<LocalCloudFrontOptions, 'quota' | 'completesAfter'> = {}): Deployment {
  let stack: LocalStack | undefined;
  let client: CloudFrontClient | undefined;

  async function remove(): Promise<void> {
    client?.destroy();
    const running = stack;
    stack = client = undefined;
    await running?.close();
  }

  return {
    name: 'against the local servers',

    async deploy(maxBatchingWindow = 1, signal) {
      await remove();
      const context = { ...OPTIONS, maxBatchingWindow: `${maxBatchingWindow}` };
      const started = await startLocalStack({ context, cloudFront, signal });
      stack = started;
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      client = new CloudFrontClient({ region: REGION, credentials, endpoint: started.cloudFront.url });
      return {
        bucket: started.site.bucket,
        distribution: started.site.id,
        viewerUrl: started.edge.url.replace(/\/$/, ''),
        deadLetterQueueUrl: started.deadLetterQueue.url,
        maxBatchingWindow: started.maxBatchingWindow,
        s3: started.s3,
        sqs: started.sqs,
        cloudFront: client,
        // Both have the clock of this machine.
        clockTolerance: 0,
        async logSince(time) {
          return started.logs
            .map(({ fields }) => fields)
            .filter(({ timestamp }) => Date.parse(String(timestamp)) >= time);
        },
      };
    },

    remove,
  };
}
