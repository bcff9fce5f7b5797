/** What no message may hold: what XML 1.0 may not, by https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Has fauxqs take all characters that SQS takes: its own expression leaves out those past U+FFFF
 * (https://github.com/kibertoad/fauxqs/pull/278), which EventBridge's events have wherever a key has.
 */
export async function acceptAllOfXml(): Promise<void> {
  const types = new URL('sqs/sqsTypes.js', import.meta.resolve('fauxqs')).href;
  const { INVALID_MESSAGE_BODY_CHAR }: { INVALID_MESSAGE_BODY_CHAR: RegExp } = await import(types);
  INVALID_MESSAGE_BODY_CHAR.test = (body) => NOT_IN_XML.test(body);
}
