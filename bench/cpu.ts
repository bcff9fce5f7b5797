/** CPU time of the process so far, its garbage collector's threads included, in ms. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The least CPU time of each work, in ms. They take turns, so that whatever else the machine does disturbs them alike; what is
 * left of that in the least of many runs is small.
 */
export async function leastCpu(rounds: number, works: readonly (() => unknown)[]): Promise<number[]> {
  const least = works.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    for (const [at, work] of works.entries()) {
      const started = cpuTime();
      await work();
      least[at] = Math.min(least[at] as number, cpuTime() - started);
    }
  }
  return least;
}

export function ratio(measured: number | undefined, floor: number | undefined): string {
  return ((measured as number) / (floor as number)).toFixed(1);
}
