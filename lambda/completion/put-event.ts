import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type InvalidationEvent, SOURCE } from './invalidation-event';

/**
 * Puts one event on a bus.
 *
 * @throws Error when EventBridge does not take it
 */
export type PutEvent = (event: InvalidationEvent, signal: AbortSignal) => Promise<void>;

/** @param bus name or ARN. Needs `events:PutEvents` on it */
export function putEventsOn(bus: string, client: EventBridgeClient = makeEventBridgeClient()): PutEvent {
  return async ({ type, detail }, abortSignal) => {
    const entry = { EventBusName: bus, Source: SOURCE, DetailType: type, Detail: JSON.stringify(detail) };
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }), { abortSignal });
    // The call succeeds even if the entry does not.
    const [{ ErrorCode, ErrorMessage } = {}] = Entries;
    if (ErrorCode !== undefined) throw Object.assign(new Error(ErrorMessage), { name: ErrorCode });
  };
}

/** It tries twice within the time that an announcement has. */
function makeEventBridgeClient(): EventBridgeClient {
  return new EventBridgeClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true, socketTimeout: 1000 },
  });
}
