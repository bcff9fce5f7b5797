import type { Invalidated, Lab } from '../lab';

/** What an invalidation did to one cached URL. */
export type Effect = 'flushed' | 'kept' | 'was not cached' | 'not completed';

/** An object under all the paths that viewers request it by, and what is invalidated. */
export interface Trial {
  readonly key: string;
  readonly invalidated: string;
  readonly viewed: readonly string[];
}

/** Has an object cached by each path, changes it, invalidates, and looks what each path gives then. */
export async function flushes(
  lab: Lab,
  { key, invalidated, viewed }: Trial,
): Promise<{ readonly answer: Invalidated; readonly effects: ReadonlyMap<string, Effect> }> {
  const bodies = async () =>
    new Map(await Promise.all(viewed.map(async (path) => [path, await bodyOf(path)] as const)));
  const bodyOf = async (path: string) => (await lab.view(path)).body;
  await lab.put(key, 'old');
  await bodies();
  await lab.put(key, 'new');
  const before = await bodies();
  const answer = await lab.invalidate([invalidated]);
  if (answer.kind === 'refused') return { answer, effects: new Map() };
  const completed = await lab.until(() => lab.isCompleted(answer.id), lab.waits.invalidation, lab.waits.api);
  await lab.pause(lab.waits.settle);
  const after = await bodies();
  const effectOn = (path: string): Effect => {
    if (before.get(path) !== 'old') return 'was not cached';
    if (after.get(path) === 'new') return 'flushed';
    return completed === undefined ? 'not completed' : 'kept';
  };
  return { answer, effects: new Map(viewed.map((path) => [path, effectOn(path)])) };
}

/** For people. */
export function describeEffects(effects: ReadonlyMap<string, Effect>): string {
  return Array.from(effects, ([path, effect]) => `${path} ${effect}`).join('; ');
}
