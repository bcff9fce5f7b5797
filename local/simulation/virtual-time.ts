import { setImmediate } from 'node:timers/promises';

/** Time that passes only when nothing is left to be done at its moment. All times in ms. */
export interface VirtualTime {
  now(): number;
  /** Has something done at a time, after all that was scheduled for it earlier; not before now. */
  at(time: number, act: () => void): void;
  /** Asynchronous work that waits for nothing but pauses of this time. */
  begin(work: () => Promise<void>): void;
  /** Within such work. Ends early when the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets time pass until nothing is left to be done, or until a time. */
  run(until: number): Promise<void>;
}

interface Appointment {
  readonly time: number;
  readonly order: number;
  readonly act: () => void;
}

/** Starts at a time. The same acts happen in the same order in every run. */
export function makeVirtualTime(start: number): VirtualTime {
  const appointments: Appointment[] = [];
  let now = start;
  let order = 0;
  /** Works that have not ended. */
  let works = 0;
  let failure: { readonly error: unknown } | undefined;

  function at(time: number, act: () => void): void {
    insert(appointments, { time: Math.max(now, time), order: order++, act });
  }

  return {
    now: () => now,
    at,

    begin(work) {
      works++;
      work()
        .catch((error: unknown) => {
          failure = { error };
        })
        .finally(() => {
          works--;
        });
    },

    pause(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const end = () => {
          signal?.removeEventListener('abort', end);
          resolve();
        };
        signal?.addEventListener('abort', end);
        if (ms < Number.POSITIVE_INFINITY) at(now + ms, end);
      });
    },

    async run(until) {
      for (let next = takeFirst(appointments, until); next; next = takeFirst(appointments, until)) {
        now = next.time;
        next.act();
        // Works go on in microtasks, all of which end before the next turn of Node's event loop.
        if (works > 0) await setImmediate();
        if (failure) throw failure.error;
      }
      if (works > 0 && appointments.length === 0)
        throw new Error('A work waits for something outside of virtual time.');
    },
  };
}

function isBefore(a: Appointment, b: Appointment): boolean {
  return a.time === b.time ? a.order < b.order : a.time < b.time;
}

/** Into a binary heap. */
function insert(heap: Appointment[], added: Appointment): void {
  let at = heap.push(added) - 1;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    if (isBefore(heap[parent] as Appointment, added)) break;
    heap[at] = heap[parent] as Appointment;
    at = parent;
  }
  heap[at] = added;
}

function takeFirst(heap: Appointment[], until: number): Appointment | undefined {
  const [first] = heap;
  if (!first || first.time > until) return undefined;
  const last = heap.pop() as Appointment;
  if (heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const child = right < heap.length && isBefore(heap[right] as Appointment, heap[left] as Appointment) ? right : left;
    if (isBefore(last, heap[child] as Appointment)) break;
    heap[at] = heap[child] as Appointment;
    at = child;
  }
  heap[at] = last;
  return first;
}
