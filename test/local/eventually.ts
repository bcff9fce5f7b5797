import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until the answer is as expected, for 50 s at most unless told otherwise. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  expected: (answer: T) => boolean,
  patience = 50_000,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (expected(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Not in time: ${JSON.stringify(answer)}`);
    await delay(50);
  }
}
