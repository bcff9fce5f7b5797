import { explore } from './explore';
import { SCENARIOS, type Scenario } from './scenario';
import type { Subject } from './stage';

/** A bug in a module of the function. */
export interface Bug {
  readonly name: string;
  readonly scenario: string;
  /** What it takes instead of the scenario's own bounds. */
  readonly bounds?: Partial<Scenario>;
  /** The invariant that must be found broken. */
  readonly breaks: RegExp;
  readonly subject: () => Subject;
}

export const STALE = /is acknowledged, but .* may still serve/;
export const TWICE = /is made a second time/;
export const HARMED = /is returned, though nothing was wrong with it/;
export const STUCK = /the queue does not drain/;
export const RELEASES_ANOTHER = /releases the lease of/;
export const OVERWRITTEN = /a newer ledger is overwritten/;
export const WAITS_FOR_ITSELF = /waits for the lease .* that it holds itself/;

/** Makes a test of each bug: the explorer has to find it. */
export function testThatTheyAreFound(bugs: readonly Bug[]): void {
  test.each(bugs)(
    'found: $name',
    async ({ name, scenario, bounds, breaks, subject }) => {
      const [within] = SCENARIOS.filter((each) => each.name === scenario);
      if (!within) throw new Error(`There is no scenario ${scenario}`);
      const began = performance.now();
      const { states, counterexample } = await explore({ ...within, ...bounds }, subject());
      const ms = Math.round(performance.now() - began);
      process.stdout.write(`schedules, bug found after ${states} states, ${ms} ms: ${name}\n`);
      expect(counterexample?.broken).toMatch(breaks);
    },
    20_000,
  );
}
