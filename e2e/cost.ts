import { DOLLARS_PER_PATH, FREE_PATHS_A_MONTH } from '../lambda/contract/pricing';

/** What a run costs at most, in sentences. */
export function costOf(maxPaths: number): string {
  const dollars = (maxPaths * DOLLARS_PER_PATH).toFixed(2);
  return [
    `It has at most ${maxPaths.toLocaleString('en')} paths invalidated: $${dollars}, or nothing if they are among the account's`,
    `${FREE_PATHS_A_MONTH.toLocaleString('en')} free ones of this month. Requests, the function and its log cost next to nothing.`,
  ].join('\n');
}
