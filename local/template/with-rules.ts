import { type Alias, ORIGINS, type Origin } from '../../lambda/contract/environment';
import type { StackModel } from './stack-model';

/** A stack whose function has further rules for each of its origins, as if the option `aliases` had said them. */
export function withRules(model: StackModel, rules: readonly Alias[]): StackModel {
  if (rules.length === 0) return model;
  const functions = model.functions.map((each) => {
    const origins: Origin[] = JSON.parse(each.environment[ORIGINS] ?? '[]');
    const all = origins.map((origin) => ({ ...origin, aliases: [...(origin.aliases ?? []), ...rules] }));
    return { ...each, environment: { ...each.environment, [ORIGINS]: JSON.stringify(all) } };
  });
  return { ...model, functions };
}
