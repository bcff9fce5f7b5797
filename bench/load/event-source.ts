import type { Message, Queue } from './queue';
import type { VirtualTime } from './virtual-time';

/** How Lambda's event source mapping gathers batches, as the template says. Times in ms. */
export interface Mapping {
  readonly window: number;
  /** Messages that a batch holds at most, by number or by 6 MB. */
  readonly batchSize: number;
  /** Batches that are handled at the same time. */
  readonly concurrency: number;
  readonly visibilityTimeout: number;
}

/** Handles a batch and tells which of its messages must come back. */
export type Invoke = (batch: readonly Message[]) => Promise<readonly Message[]>;

/** The pollers of a queue. */
export interface EventSource {
  /** Tells that messages have become visible. */
  wake(): void;
}

/**
 * As many pollers as batches may be handled at the same time. Each gathers for the length of the window from its first message
 * on, or until its batch is full, while the visible messages fall to those that gather, at random.
 */
export function startEventSource(
  time: VirtualTime,
  queue: Queue,
  { window, batchSize, concurrency, visibilityTimeout }: Mapping,
  invoke: Invoke,
  random: () => number,
): EventSource {
  interface Poller {
    batch: Message[];
    handling: boolean;
    /** Tells the window of one batch from that of the next. */
    batches: number;
  }
  const pollers = Array.from({ length: concurrency }, (): Poller => ({ batch: [], handling: false, batches: 0 }));

  /** Long polls return a handful of messages at a time, each to a poller. */
  const HANDFUL = 10;

  function gather(): void {
    for (;;) {
      const free = pollers.filter(({ handling }) => !handling);
      const poller = free[Math.floor(random() * free.length)];
      if (!poller) return;
      const messages = queue.receive(Math.min(HANDFUL, batchSize - poller.batch.length), time.now());
      if (messages.length === 0) return;
      const isFirst = poller.batch.length === 0;
      poller.batch.push(...messages);
      if (poller.batch.length >= batchSize) handle(poller);
      else if (isFirst) {
        const { batches } = poller;
        time.at(time.now() + window, () => {
          if (poller.batches === batches && !poller.handling) handle(poller);
        });
      }
    }
  }

  function handle(poller: Poller): void {
    const { batch } = poller;
    poller.batch = [];
    poller.batches++;
    poller.handling = true;
    time.begin(async () => {
      const returned = await invoke(batch);
      poller.handling = false;
      queue.deleted(batch.length - returned.length);
      for (const [visibleAt, messages] of Map.groupBy(returned, ({ received }) => received + visibilityTimeout)) {
        time.at(visibleAt, () => {
          queue.returned(messages);
          gather();
        });
      }
      gather();
    });
  }

  return { wake: gather };
}
