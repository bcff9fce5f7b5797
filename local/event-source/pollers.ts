/**
 * How Lambda gathers batches from a queue: the decisions alone, without SQS, timers or a clock, so that the local run and
 * the simulations of `bench/` share them. Times are ms, of whichever clock the caller has.
 *
 * - Five pollers; each gathers one batch of its own at a time: from its first message on for the length of the window, or
 *   until the batch size or 6 MB are reached. Then the batch is closed.
 * - A closed batch waits until fewer than `maximumConcurrency` batches are being handled. Batches begin in the order in
 *   which they closed. From the close to the end of the handling their poller receives nothing.
 *
 * The caller drives it:
 *
 *     const pollers = createPollers<Message>({ batchSize: 10_000, maxBatchingWindow: 20_000, maximumConcurrency: 2 });
 *     // Messages are visible: each long poll returns at most ten, to any one of the pollers that receive.
 *     const open = pollers.receiving(now);
 *     const poller = open[Math.floor(random() * open.length)];
 *     pollers.add(poller, queue.receive(pollers.room(poller, now)), now);
 *     // After `add`, after `finish`, and at the time `nextClose()`:
 *     for (const { poller, messages } of pollers.start(now)) handle(messages).then(() => pollers.finish(poller));
 */
export interface Pollers<Message> {
  /** The pollers that receive messages now and have room for so many; one, if not told. */
  receiving(now: number, messages?: number): number[];
  /** How many messages a poller's next call may receive, ten at most; 0: it does not receive now. */
  room(poller: number, now: number): number;
  /**
   * A poller has received messages, by a call that may have begun before its batch closed: what comes while that waits
   * joins it, what comes while it is handled begins the next one.
   */
  add(poller: number, messages: readonly Message[], now: number): void;
  /** The batches whose handling begins now: closed ones, as far as the concurrency allows. */
  start(now: number): GatheredBatch<Message>[];
  /** The batch that a poller started has been handled. */
  finish(poller: number): void;
  /** When `start` has something to do though no message comes and no handling ends. Undefined: never. */
  nextClose(): number | undefined;
  /** Messages that are gathered or wait to be handled, those being handled not included. */
  readonly held: number;
}

export interface GatheredBatch<Message> {
  readonly poller: number;
  /** The oldest first. */
  readonly messages: readonly Message[];
}

export interface PollersOptions<Message> {
  /** @default 5, as Lambda begins with */
  readonly pollers?: number;
  readonly batchSize: number;
  /** Milliseconds. */
  readonly maxBatchingWindow: number;
  /** Batches that are handled at the same time. */
  readonly maximumConcurrency: number;
  /** What a message takes of the 6 MB, in bytes. @default - nothing: only the batch size counts */
  readonly sizeOf?: (message: Message) => number;
}

/** Pollers that a mapping keeps when it has a maximum concurrency. */
export const POLLERS = 5;

/** The most messages that one call of ReceiveMessage returns. */
export const MAX_RECEIVED = 10;

/** The most that Lambda hands to one invocation, in bytes. */
export const MAX_PAYLOAD = 6 * 1_024 * 1_024;

const EMPTY_EVENT = '{"Records":[]}'.length;

/** One poller, and the batch that it gathers. */
interface Poller<Message> {
  held: { readonly message: Message; readonly bytes: number }[];
  /** Of all that is held. */
  bytes: number;
  /** When the batch closes, or did. Meaningless while nothing is held. */
  closesAt: number;
  handling: boolean;
}

/** Pollers that have received nothing yet. */
export function createPollers<Message>(options: PollersOptions<Message>): Pollers<Message> {
  const { batchSize, maxBatchingWindow, maximumConcurrency, sizeOf = () => 0 } = options;
  const pollers = Array.from({ length: options.pollers ?? POLLERS }, (): Poller<Message> => {
    return { held: [], bytes: 0, closesAt: 0, handling: false };
  });
  const at = (poller: number) => pollers[poller] as Poller<Message>;

  const isFull = ({ held, bytes }: Poller<Message>) => held.length >= batchSize || EMPTY_EVENT + bytes >= MAX_PAYLOAD;

  /** Takes the oldest messages out, as many as one invocation may get. */
  function takeBatch(poller: Poller<Message>): Message[] {
    let count = 0;
    let payload = EMPTY_EVENT;
    for (const { bytes } of poller.held) {
      if (count === batchSize || (count > 0 && payload + bytes > MAX_PAYLOAD)) break;
      payload += bytes;
      count += 1;
    }
    poller.bytes -= payload - EMPTY_EVENT;
    return poller.held.splice(0, count).map(({ message }) => message);
  }

  function room(number: number, now: number): number {
    const { held, closesAt, handling } = at(number);
    if (handling || (held.length > 0 && closesAt <= now)) return 0;
    return Math.min(MAX_RECEIVED, batchSize - held.length);
  }

  /** The pollers whose batch is to be handled once it is closed and there is a slot. */
  const gathering = () => [...pollers.keys()].filter((poller) => !at(poller).handling && at(poller).held.length > 0);
  const isSlotFree = () => pollers.filter(({ handling }) => handling).length < maximumConcurrency;

  return {
    room,
    receiving: (now, messages = 1) => [...pollers.keys()].filter((poller) => room(poller, now) >= messages),
    get held() {
      return pollers.reduce((sum, { held }) => sum + held.length, 0);
    },
    add(number, messages, now) {
      const poller = at(number);
      if (messages.length === 0) return;
      if (poller.held.length === 0) poller.closesAt = now + maxBatchingWindow;
      for (const message of messages) {
        const bytes = sizeOf(message);
        poller.held.push({ message, bytes });
        poller.bytes += bytes;
      }
      if (isFull(poller)) poller.closesAt = Math.min(poller.closesAt, now);
    },
    start(now) {
      const started: GatheredBatch<Message>[] = [];
      const closed = gathering().filter((poller) => at(poller).closesAt <= now);
      for (const number of closed.toSorted((a, b) => at(a).closesAt - at(b).closesAt)) {
        if (!isSlotFree()) break;
        const poller = at(number);
        started.push({ poller: number, messages: takeBatch(poller) });
        poller.handling = true;
        // What is left begins a batch of its own.
        poller.closesAt = now + (isFull(poller) ? 0 : maxBatchingWindow);
      }
      return started;
    },
    finish(poller) {
      at(poller).handling = false;
    },
    nextClose() {
      if (!isSlotFree()) return undefined;
      const times = gathering().map((poller) => at(poller).closesAt);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
  };
}
