import type { Design } from '../../../local/simulation/design';
import type { Sample } from './alarm-evaluator';

/** What the metrics of a simulated invalidator show, from the first batch on. */
export interface ObservedSamples {
  /** A value for each batch of which messages are retried. */
  readonly retriedMessages: Sample[];
  /** For each batch, how old the oldest change is that was covered, in s. */
  readonly staleness: Sample[];
  /** For each batch, the age of the oldest message that SQS counts, in s: none that was received more than three times. */
  readonly age: Sample[];
}

/** A design that tells, as its function works, what CloudWatch would be told. */
export function observed(design: Design): { readonly design: Design; readonly samples: ObservedSamples } {
  const samples: ObservedSamples = { retriedMessages: [], staleness: [], age: [] };
  let start: number | undefined;
  return {
    samples,
    design: {
      ...design,
      makeFunction(surroundings) {
        const invoke = design.makeFunction(surroundings);
        return async (batch) => {
          start ??= surroundings.time.now();
          const failed = new Set(await invoke(batch));
          const now = surroundings.time.now();
          const covered = batch.filter((message) => !failed.has(message));
          const sample = (value: number): Sample => ({ at: (now - (start ?? now)) / 1000, value });
          if (failed.size > 0) samples.retriedMessages.push(sample(failed.size));
          if (covered.length > 0) {
            samples.staleness.push(sample((now - Math.min(...covered.map(({ changed }) => changed))) / 1000));
          }
          // The fourth receive ends what counts.
          const counted = batch.filter(({ receives }) => receives <= 4);
          samples.age.push(sample(Math.max(0, ...counted.map(({ sent, received }) => (received - sent) / 1000))));
          return [...failed];
        };
      },
    },
  };
}
