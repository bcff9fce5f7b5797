/** A message in the queue. */
export interface Message {
  readonly id: string;
  /** The changed key; undefined: a body that no function can understand. */
  readonly key: string | undefined;
  /** When the object changed, in ms since the epoch. */
  readonly changed: number;
  /** When it was sent to the queue. */
  readonly sent: number;
  receives: number;
  /** When it was received last. */
  received: number;
}

/** What of SQS matters here: what is received is invisible until it is deleted or comes back, and counted. */
export interface Queue {
  readonly deadLetters: readonly Message[];
  /** Messages that are neither deleted nor dead, in flight or not. */
  readonly size: number;
  readonly visible: number;
  send(message: Message): void;
  /** Takes so many visible messages at most, the ones sent or come back first. */
  receive(most: number, now: number): Message[];
  /** Messages that were received are visible again. */
  returned(messages: readonly Message[]): void;
  deleted(count: number): void;
}

/** @param maxReceiveCount receives after which a message goes to the dead-letter queue instead of being received again */
export function makeQueue(maxReceiveCount: number): Queue {
  const deadLetters: Message[] = [];
  let waiting: Message[] = [];
  let head = 0;
  let size = 0;
  return {
    deadLetters,
    get size() {
      return size;
    },
    get visible() {
      return waiting.length - head;
    },
    send(message) {
      waiting.push(message);
      size++;
    },
    receive(most, now) {
      const taken: Message[] = [];
      while (taken.length < most && head < waiting.length) {
        const message = waiting[head++] as Message;
        if (message.receives === maxReceiveCount) {
          deadLetters.push(message);
          size--;
          continue;
        }
        message.receives++;
        message.received = now;
        taken.push(message);
      }
      if (head > 100_000) {
        waiting = waiting.slice(head);
        head = 0;
      }
      return taken;
    },
    returned(messages) {
      for (const message of messages) waiting.push(message);
    },
    deleted(count) {
      size -= count;
    },
  };
}
