import type { RequestListener } from 'node:http';
import dynalite from 'dynalite';
import { closeServer, createLoopbackServer, listenOnLoopback } from '../loopback';

/** What goes wrong with every request: no answer comes until either side closes the connection, or an error does. */
export type DynamoDBFault =
  | { readonly kind: 'hang' }
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string };

/** DynamoDB's API on this machine, its tables in memory. */
export interface LocalDynamoDB {
  /** What an SDK's `endpoint`, or AWS_ENDPOINT_URL_DYNAMODB, is set to. */
  readonly url: string;
  readonly port: number;
  /** What goes wrong from now on. */
  fault: DynamoDBFault | undefined;
  close(): Promise<void>;
}

/** Starts dynalite, for this machine only. Signatures are not checked. */
export async function startDynamoDB(port = 0): Promise<LocalDynamoDB> {
  // Its server would answer to every name.
  const [respond] = dynalite({ createTableMs: 0 }).listeners('request') as RequestListener[];
  const server = createLoopbackServer((request, response) => {
    const { fault } = dynamoDB;
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'refuse') {
      request.resume();
      response.writeHead(fault.status, { 'Content-Type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${fault.code}`, message: fault.code }));
      return;
    }
    // dynalite would let the web pages of all origins ask.
    delete request.headers.origin;
    respond?.(request, response);
    // It throws when a client goes away within a request, such as a function that is killed, and would take this process along.
    request.removeAllListeners('error').on('error', () => {});
  });
  const listening = await listenOnLoopback(server, port, 'The local DynamoDB');
  const dynamoDB: LocalDynamoDB = {
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    fault: undefined,
    close: () => closeServer(server),
  };
  return dynamoDB;
}
