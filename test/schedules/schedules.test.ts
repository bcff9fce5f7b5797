import { makeHandler } from '../../lambda/handler';
import { readable } from './counterexample';
import { explore } from './explore';
import { SCENARIOS } from './scenario';

test.each(SCENARIOS)(
  'no schedule breaks an invariant: $name',
  async (scenario) => {
    const { states, transitions, events, counterexample } = await explore(scenario, { makeHandler });
    process.stdout.write(
      `schedules, ${scenario.name}: ${states} states, ${transitions} transitions, ${events} events\n`,
    );
    if (counterexample) throw new Error(`A schedule breaks an invariant:\n${readable(counterexample)}`);
  },
  60_000,
);
