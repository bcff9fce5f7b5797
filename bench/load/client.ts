import { CloudFrontClient } from '@aws-sdk/client-cloudfront';

/** The client of the function, but for its retries: it tries again as often, and at once. */
export function simulatedClient(endpoint: string, latency: () => Promise<void>): CloudFrontClient {
  const client = new CloudFrontClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    maxAttempts: 2,
  });
  client.middlewareStack.add(
    (next) => async (call) => {
      await latency();
      return next(call);
    },
    { step: 'deserialize', priority: 'low' },
  );
  return client;
}
