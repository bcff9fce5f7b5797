import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AcceptedInvalidation } from '../event/completion';

/**
 * Sends the function a message about an invalidation, to be received after so many seconds.
 *
 * @throws Error when SQS does not take it
 */
export type SendLater = (invalidation: AcceptedInvalidation, seconds: number, signal: AbortSignal) => Promise<void>;

/** @param queueUrl of the function's own queue. Needs `sqs:SendMessage` on it */
export function sendLaterTo(queueUrl: string, client: SQSClient = makeSqsClient()): SendLater {
  return async (completion, DelaySeconds, abortSignal) => {
    const message = { QueueUrl: queueUrl, MessageBody: JSON.stringify({ completion }), DelaySeconds };
    await client.send(new SendMessageCommand(message), { abortSignal });
  };
}

/** It tries twice within the time that an announcement has. */
function makeSqsClient(): SQSClient {
  return new SQSClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true, socketTimeout: 1000 },
  });
}
