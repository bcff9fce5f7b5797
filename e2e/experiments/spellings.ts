import type { Experiment } from '../finding';
import { UNWATCHED } from '../target';
import { describeEffects, type Effect, flushes } from './flushes';

export const spellings: Experiment = {
  name: 'spellings',
  paths: 2,
  async run(lab) {
    const findings = [];
    for (const [key, invalidated, other] of [
      ['a@b', 'a@b', 'a%40b'],
      ['c@d', 'c%40d', 'c@d'],
    ].map((names) => names.map((name) => `${UNWATCHED}${name}.html`)) as [string, string, string][]) {
      const viewed = [`/${invalidated}`, `/${other}`];
      const { answer, effects } = await flushes(lab, { key, invalidated: `/${invalidated}`, viewed });
      findings.push({
        question: `Does invalidating /${invalidated} flush /${other}?`,
        answer: answer.kind === 'refused' ? `unclear: ${answer.name}` : inWords(effects.get(`/${other}`)),
        seen: describeEffects(effects),
      });
    }
    return findings;
  },
};

function inWords(effect: Effect | undefined): string {
  if (effect === 'flushed') return 'yes';
  return effect === 'kept' ? 'no' : `unclear: ${effect}`;
}
