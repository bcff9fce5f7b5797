import type { Lab } from '../../e2e/lab';
import { pathBudget } from '../../e2e/path-budget';
import type { Target } from '../../e2e/target';
import { LOCAL_WAITS } from '../../e2e/waits';

/** How a CloudFront might be that is not as the local one. */
export interface Behavior {
  /** Whether it takes all spellings of a URL for one. */
  readonly normalizes?: boolean;
  /** Whether tags flush errors. */
  readonly tagsFlushErrors?: boolean;
  /** Whether it takes each of two equal requests for a new one. */
  readonly forgetsReferences?: boolean;
  /** Paths that it refuses. */
  readonly refuses?: RegExp;
  /** Whether it holds nothing. */
  readonly cachesNothing?: boolean;
}

/** A lab without a site: what the experiments say of another CloudFront. */
export function labOf(behavior: Behavior): Lab {
  const objects = new Map<string, string>();
  const cache = new Map<string, { status: number; body: string }>();
  const references = new Map<string, string>();
  const budget = pathBudget(1_000);
  let count = 0;
  const keyOf = (path: string) => (behavior.normalizes ? decodeURIComponent(path) : path);

  return {
    target: {} as Target,
    waits: { ...LOCAL_WAITS, invalidation: 100, heldError: 100 },
    budget,
    startedAt: 0,
    put: async (key, body) => void objects.set(`/${key}`, body),
    async view(path) {
      const body = objects.get(decodeURIComponent(path));
      const fresh = body === undefined ? { status: 404, body: '' } : { status: 200, body };
      const held = cache.get(keyOf(path)) ?? fresh;
      if (!behavior.cachesNothing) cache.set(keyOf(path), held);
      return held;
    },
    async invalidate(paths, reference = `${count}`) {
      if (paths.some((path) => behavior.refuses?.test(path))) return { kind: 'refused', name: 'InvalidArgument' };
      for (const path of paths) {
        cache.delete(keyOf(path));
        if (path.startsWith('#') && behavior.tagsFlushErrors) cache.clear();
      }
      const id = (!behavior.forgetsReferences && references.get(reference)) || `I${count++}`;
      references.set(reference, id);
      return { kind: 'accepted', id };
    },
    isCompleted: async () => true,
    async until(isSo) {
      return (await isSo()) ? 0 : undefined;
    },
    pause: async () => {},
    redeploy: async () => {},
  };
}
