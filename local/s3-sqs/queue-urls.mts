/** The actions whose answers name queues by their URLs. */
const NAMING = /\.(CreateQueue|GetQueueUrl|ListQueues|ListDeadLetterSourceQueues)$/;

/** The host that fauxqs gives every queue. Not every system resolves it, and SDK v2 sends messages to the host of the URL. */
const HOST = /(?<="http:\/\/)sqs\.[\w-]+\.localhost(:\d+)?(?=\/\d{12}\/)/g;

/**
 * An answer of SQS, with the URLs of its queues at the host by which the client has reached this server.
 *
 * @param target the header `X-Amz-Target` of the request
 * @param host its header `Host`
 */
export function withReachableQueues(answer: string, target: string, host: string): string {
  return NAMING.test(target) ? answer.replace(HOST, host) : answer;
}
