import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until the answer is as expected, and for 30 s at most. */
export async function eventually<T>(ask: () => T | Promise<T>, expected: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (expected(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Not in time: ${JSON.stringify(answer)}`);
    await delay(50);
  }
}
