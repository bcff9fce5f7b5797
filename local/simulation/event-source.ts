import { createPollers } from '../event-source/pollers';
import type { Message, Queue } from './queue';
import type { VirtualTime } from './virtual-time';

/** How Lambda's event source mapping gathers batches, as the template says. Times in ms. */
export interface Mapping {
  /** Each gathers a batch of its own. */
  readonly pollers: number;
  readonly window: number;
  /** Messages that a batch holds at most, by number or by 6 MB. */
  readonly batchSize: number;
  /** Batches that are handled at the same time. */
  readonly concurrency: number;
  readonly visibilityTimeout: number;
}

/** Handles a batch and tells which of its messages failed. */
export type Invoke = (batch: readonly Message[]) => Promise<readonly Message[]>;

export interface EventSource {
  /** Tells that messages have become visible. */
  wake(): void;
}

/** How long a call of ReceiveMessage takes, in ms, where messages are visible. */
const RECEIVE = 20;

/** Lambda's event source in virtual time: visible messages fall, ten at most, to one of the pollers that gather, at random. */
export function startEventSource(
  time: VirtualTime,
  queue: Queue,
  { pollers: count, window, batchSize, concurrency, visibilityTimeout }: Mapping,
  invoke: Invoke,
  random: () => number,
): EventSource {
  const pollers = createPollers<Message>({
    pollers: count,
    batchSize,
    maxBatchingWindow: window,
    maximumConcurrency: concurrency,
  });
  /** When the last receive of each poller ends. */
  const receivedAt = Array.from({ length: count }, () => 0);
  let nextClose = Number.POSITIVE_INFINITY;
  let nextReceive = 0;

  function receive(now: number): void {
    while (queue.visible > 0) {
      const receiving = pollers.receiving(now);
      const open = receiving.filter((poller) => (receivedAt[poller] as number) <= now);
      const poller = open[Math.floor(random() * open.length)];
      if (poller === undefined) {
        const next = Math.min(...receiving.map((each) => receivedAt[each] as number));
        if (nextReceive <= now && next < Number.POSITIVE_INFINITY) {
          nextReceive = next;
          time.at(next, proceed);
        }
        return;
      }
      pollers.add(poller, queue.receive(pollers.room(poller, now), now), now);
      receivedAt[poller] = now + RECEIVE;
    }
  }

  function proceed(): void {
    const now = time.now();
    receive(now);
    for (const { poller, messages } of pollers.start(now)) time.begin(() => handle(poller, messages));
    const close = pollers.nextClose() ?? Number.POSITIVE_INFINITY;
    if (close < nextClose || nextClose <= now) {
      nextClose = close;
      if (close < Number.POSITIVE_INFINITY) time.at(close, proceed);
    }
  }

  async function handle(poller: number, batch: readonly Message[]): Promise<void> {
    const failed = new Set(await invoke(batch));
    pollers.finish(poller);
    queue.delete(batch.filter((message) => !failed.has(message)));
    for (const [visibleAt, messages] of Map.groupBy(failed, ({ received }) => received + visibilityTimeout)) {
      time.at(visibleAt, () => {
        queue.makeVisible(messages);
        proceed();
      });
    }
    proceed();
  }

  return { wake: proceed };
}
