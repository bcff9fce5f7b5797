/** A message in the queue. Times in ms since the epoch. */
export interface Message {
  readonly id: string;
  /** The changed key; undefined: a body that no function can understand. */
  readonly key: string | undefined;
  /** When the object changed. */
  readonly changed: number;
  /** When it was sent to the queue. */
  readonly sent: number;
  readonly receives: number;
  /** When it was received last. */
  readonly received: number;
}

/** What of SQS matters here: what is received is invisible until it is deleted or its visibility timeout ends. */
export interface Queue {
  readonly deadLetters: readonly Message[];
  /** Messages that are neither deleted nor dead, in flight or not. */
  readonly size: number;
  readonly visible: number;
  send(message: Message): void;
  /** Takes so many visible messages at most, those that became visible first. */
  receive(most: number, now: number): Message[];
  /** The visibility timeout of messages in flight has ended. */
  makeVisible(messages: readonly Message[]): void;
  /** Messages in flight are gone. */
  delete(messages: readonly Message[]): void;
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
        const received = receive(message, maxReceiveCount, now);
        if (received) taken.push(received);
        else {
          deadLetters.push(message);
          size--;
        }
      }
      if (head > 100_000) {
        waiting = waiting.slice(head);
        head = 0;
      }
      return taken;
    },
    makeVisible(messages) {
      for (const message of messages) waiting.push(message);
    },
    delete(messages) {
      size -= messages.length;
    },
  };
}

/** A message that is received, or undefined: it was received too often, and is a dead letter. */
export function receive<M extends { readonly receives: number }>(
  message: M,
  maxReceiveCount: number,
  now: number,
): (M & { readonly received: number }) | undefined {
  if (message.receives >= maxReceiveCount) return undefined;
  return { ...message, receives: message.receives + 1, received: now };
}
