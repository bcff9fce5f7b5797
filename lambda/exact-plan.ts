import { coverage } from './coverage';
import type { ChangedObject } from './plan';
export function exactPlan(changes: readonly ChangedObject[]): { paths: string[] } {
  const all = [...new Set(changes.flatMap((c) => c.paths))].sort();
  const w = coverage(all.filter((p) => p.endsWith('*')));
  return {
    paths: all.filter((p) => {
      const c = w(p);
      return c === undefined || c === p;
    }),
  };
}
