import { everythingPerBatch, oneCallPerObject } from '../local/simulation/field';
import { invalidatorWith } from '../local/simulation/invalidator';
import { brokenPromises } from '../local/simulation/promises';
import { REGIMES, type Regime } from '../local/simulation/regimes';
import type { Scenario } from '../local/simulation/scenario';
import { simulate } from '../local/simulation/simulate';

jest.setTimeout(60_000);

const MINUTE = 60;

/** Some of `npm run bench -- load`, with less of each: that has all of it. */
const SCENARIOS: readonly Scenario[] = [
  { name: 'a burst', changes: (second) => (second === 0 ? 20_000 : 0), end: 1 },
  { name: 'changes all over the site', changes: () => 20, end: 4 * MINUTE },
  {
    name: 'half of all calls failing, and poison',
    changes: () => 5,
    end: 5 * MINUTE,
    poison: 0.01,
    fault: (_, random) => (random() < 0.5 ? { kind: 'refuse', status: 503, code: 'ServiceUnavailable' } : undefined),
  },
];

const cases = SCENARIOS.flatMap((scenario) => REGIMES.map((regime) => [scenario.name, regime.name, scenario, regime]));
const invalidator = invalidatorWith({ pollers: 5 });

test.each(cases as [string, string, Scenario, Regime][])(
  'under %s, invalidations lasting or limited by %s, nothing is lost, stuck or stale for long',
  async (_, __, scenario, regime) => {
    const outcome = await simulate(scenario, regime, invalidator, { seed: 1 });
    expect(brokenPromises(scenario, regime, outcome)).toEqual([]);
    expect(outcome.changes).toBeGreaterThan(0);
  },
);

test.each(['down', 'throttled', 'lose-answer'] as const)(
  'with a ledger store that is %s and clocks that are 2 s apart, nothing is lost or stuck',
  async (kind) => {
    const scenario = { ...(SCENARIOS[1] as Scenario), clockSkew: 2, ledgerFault: () => ({ kind }) };
    const regime = REGIMES[1] as Regime;
    const outcome = await simulate(scenario, regime, invalidator, { seed: 1 });
    expect(brokenPromises(scenario, regime, outcome, false)).toEqual([]);
  },
);

test('the same seed makes the same run', async () => {
  const [scenario, regime] = [{ ...(SCENARIOS[2] as Scenario), end: MINUTE }, REGIMES[2] as Regime];
  const [first, again, other] = await Promise.all(
    [7, 7, 8].map((seed) => simulate(scenario, regime, invalidator, { seed })),
  );
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test.each([
  { design: everythingPerBatch, promise: 'dead letters' },
  { design: oneCallPerObject, promise: 'acknowledged, but are not covered' },
  { design: oneCallPerObject, promise: 'not covered in the end, by the audit' },
])('the simulation tells that $design.name does not keep them: $promise', async ({ design, promise }) => {
  const [scenario, regime] = [SCENARIOS[1] as Scenario, REGIMES[1] as Regime];
  const broken = brokenPromises(scenario, regime, await simulate(scenario, regime, design, { seed: 1 }));
  expect(broken.join()).toContain(promise);
});
