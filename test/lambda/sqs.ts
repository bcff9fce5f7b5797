import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { closeServer, createLoopbackServer, listenOnLoopback } from '../../local/loopback';

/** SQS's SendMessage on this machine, which delivers nothing: what was sent, and what is refused from now on. */
export async function startSqs() {
  const sent: { QueueUrl: string; MessageBody: string; DelaySeconds: number }[] = [];
  const sqs = { queueUrl: '', sent, isDenied: false, close: () => closeServer(server) };
  const server = createLoopbackServer(async (request, response) => {
    const message = JSON.parse(await text(request));
    const isTaken = request.headers['x-amz-target'] === 'AmazonSQS.SendMessage' && !sqs.isDenied;
    response.writeHead(isTaken ? 200 : 403, { 'Content-Type': 'application/x-amz-json-1.0' });
    if (isTaken) sent.push(message);
    // The SDK takes no answer without it.
    const MD5OfMessageBody = createHash('md5').update(String(message.MessageBody)).digest('hex');
    const answer = isTaken ? { MessageId: `sent-${sent.length}`, MD5OfMessageBody } : { __type: 'AccessDenied' };
    response.end(JSON.stringify(answer));
  });
  sqs.queueUrl = `http://127.0.0.1:${await listenOnLoopback(server, 0, 'SQS')}/000000000000/changes`;
  return sqs;
}
