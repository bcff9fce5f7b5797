import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { closeServer, createLoopbackServer, listenOnLoopback } from '../loopback';
import { ACCOUNT, REGION } from '../template/physical-names';
import { busNameOf } from './bus-name';
import type { BusEvent } from './event';

/** An entry of PutEvents, as the SDK sends it. */
interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
}

/** What goes wrong with a call: no answer, an HTTP error, or an entry that is refused in an answer of 200. */
export type EventBridgeFault =
  | { readonly kind: 'hang' }
  | { readonly kind: 'refuse' | 'refuse-entry'; readonly code: string };

export interface LocalEventBridge {
  /** What an SDK's `endpoint`, or AWS_ENDPOINT_URL_EVENTBRIDGE, is set to. */
  readonly url: string;
  readonly port: number;
  /** Every event that was put, the oldest first. */
  readonly events: readonly BusEvent[];
  /** What goes wrong from now on. */
  fault: EventBridgeFault | undefined;
  close(): Promise<void>;
}

/** Bytes of an entry: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const LARGEST_ENTRY = 1024 * 1024;
const MOST_ENTRIES = 10;

/**
 * Starts a server that takes PutEvents as EventBridge does. Signatures are not checked.
 *
 * @param onEvent called with each event, and the name of its bus, before its call is answered
 */
export async function startEventBridge(
  onEvent: (event: BusEvent, bus: string) => unknown = () => {},
  port = 0,
): Promise<LocalEventBridge> {
  const events: BusEvent[] = [];
  const server = createLoopbackServer(async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    };
    const refuse = (code: string, status = 400) => answer(status, { __type: code, message: code });
    // As the other services here do, to say that they are there.
    if (request.method === 'GET') return answer(200, {});
    try {
      const { Entries: entries = [] } = JSON.parse(await text(request)) as { Entries?: readonly Entry[] };
      if (request.headers['x-amz-target'] !== 'AWSEvents.PutEvents') return refuse('UnknownOperationException');
      const { fault } = eventBridge;
      if (fault?.kind === 'hang') return;
      if (fault?.kind === 'refuse') return refuse(fault.code);
      if (entries.length === 0 || entries.length > MOST_ENTRIES) return refuse('ValidationException');
      const results = [];
      for (const entry of entries) {
        const code = fault?.code ?? faultOf(entry);
        if (code !== undefined) {
          results.push({ ErrorCode: code, ErrorMessage: `The entry is refused: ${code}` });
          continue;
        }
        const event = toEvent(entry);
        events.push(event);
        await onEvent(event, busNameOf(entry.EventBusName));
        results.push({ EventId: event.id });
      }
      return answer(200, { FailedEntryCount: results.filter((each) => each.ErrorCode).length, Entries: results });
    } catch (error) {
      return refuse(`InternalException: ${error}`, 500);
    }
  });
  const listening = await listenOnLoopback(server, port, 'The local EventBridge');
  const eventBridge: LocalEventBridge = {
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    events,
    fault: undefined,
    close: () => closeServer(server),
  };
  return eventBridge;
}

/** Why an entry is not taken: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
function faultOf({ Source = '', DetailType = '', Detail = '' }: Entry): string | undefined {
  if (Source === '' || DetailType === '' || Detail === '') return 'InvalidArgument';
  if (Source.startsWith('aws.')) return 'NotAuthorizedForSourceException';
  if (Buffer.byteLength(Source + DetailType + Detail) > LARGEST_ENTRY) return 'InvalidArgument';
  try {
    const detail = JSON.parse(Detail);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? undefined : 'MalformedDetail';
  } catch {
    return 'MalformedDetail';
  }
}

function toEvent({ Source = '', DetailType = '', Detail = '{}', Resources = [] }: Entry): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: ACCOUNT,
    time: new Date().toISOString().replace(/\.\d+/, ''),
    region: REGION,
    resources: Resources,
    detail: JSON.parse(Detail),
  };
}
