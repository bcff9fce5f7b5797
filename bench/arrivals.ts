/** How the changes of a deploy reach the function. */
export interface Arrivals {
  /** Objects that change in a second. */
  readonly rate: number;
  /** How long a poller gathers a batch, in s. */
  readonly window: number;
  /** Messages that 6 MB hold. */
  readonly batchSize: number;
}

export interface ArrivingChange {
  readonly key: string;
  /** In s since the deploy began. */
  readonly time: number;
}

export interface ArrivingBatch {
  /** When it is complete, in s since the deploy began. */
  readonly time: number;
  readonly changes: readonly ArrivingChange[];
}

/** The batches that two pollers make of the changes of a deploy: each takes a random share of them. */
export function arrivingBatches(
  keys: readonly string[],
  { rate, window, batchSize }: Arrivals,
  random: () => number,
): ArrivingBatch[] {
  const batches: ArrivingBatch[] = [];
  const gathering: ArrivingChange[][] = [[], []];
  const share = random();
  const close = (poller: number, time: number) => {
    const changes = gathering[poller] as ArrivingChange[];
    if (changes.length > 0) batches.push({ time, changes });
    gathering[poller] = [];
  };
  const endOf = (poller: number) =>
    ((gathering[poller] as ArrivingChange[])[0]?.time ?? Number.POSITIVE_INFINITY) + window;
  keys.forEach((key, at) => {
    const time = at / rate;
    for (const poller of [0, 1]) if (endOf(poller) <= time) close(poller, endOf(poller));
    const poller = random() < share ? 0 : 1;
    const changes = gathering[poller] as ArrivingChange[];
    changes.push({ key, time });
    if (changes.length === batchSize) close(poller, time);
  });
  for (const poller of [0, 1]) close(poller, endOf(poller));
  return batches.sort((a, b) => a.time - b.time);
}
