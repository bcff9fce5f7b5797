import type { ServedChange } from './batch';
import { coverage } from './coverage';
import type { InvalidationRequest, Outcome } from './create-invalidation';
import type { Refusal } from './refusal';

/** Paths that stand or fall together: those of one object, or a wildcard of several. */
interface Part {
  readonly paths: readonly string[];
  readonly changes: readonly ServedChange[];
}

/** Makes one call of CreateInvalidation, and tells whoever must know. */
export type Create = (request: InvalidationRequest, changes: readonly ServedChange[]) => Promise<Outcome>;

/**
 * Has every path of a plan invalidated. A request that CloudFront calls invalid is divided until what it refuses stands
 * alone, so that one bad path holds back its own message only: in a batch of n messages, after about 2 log n calls.
 * Every other refusal is about more than the request, so it ends the matter for now.
 *
 * @param paths the plan: covers every path of the changes
 * @returns why each message must come back, by message id; no entry: everything that it asked for was accepted
 */
export async function invalidate(
  create: Create,
  distribution: string,
  changes: readonly ServedChange[],
  paths: readonly string[],
): Promise<ReadonlyMap<string, Refusal>> {
  const returned = new Map<string, Refusal>();
  let ended: Refusal | undefined;

  async function request(parts: readonly Part[]): Promise<void> {
    const concerned = [...new Set(parts.flatMap((part) => part.changes))];
    const messageIds = [...new Set(concerned.map((change) => change.messageId))];
    const refusal = ended ?? (await send(parts, concerned, messageIds));
    if (!refusal) return;
    if (refusal.kind === 'invalid' && !ended) {
      const [first, second] = halves(parts);
      if (first && second) {
        await request(first);
        await request(second);
        return;
      }
    } else ended = refusal;
    for (const messageId of messageIds) returned.set(messageId, refusal);
  }

  async function send(
    parts: readonly Part[],
    concerned: readonly ServedChange[],
    messageIds: readonly string[],
  ): Promise<Refusal | undefined> {
    const paths = parts.flatMap((part) => part.paths);
    const outcome = await create({ distribution, paths, messageIds }, concerned);
    return outcome.kind === 'accepted' ? undefined : outcome;
  }

  if (changes.length > 0) await request(toParts(changes, paths));
  return returned;
}

/** Half of the parts and the other half; a wildcard that is refused alone, as the paths that it stands for. */
function halves(parts: readonly Part[]): [readonly Part[], readonly Part[]] | [] {
  const [only] = parts;
  if (parts.length === 1 && only) {
    const exact = toParts(only.changes, [...new Set(only.changes.flatMap((change) => change.paths))]);
    return exact.length > 1 ? halves(exact) : [];
  }
  const middle = Math.ceil(parts.length / 2);
  return [parts.slice(0, middle), parts.slice(middle)];
}

function toParts(changes: readonly ServedChange[], paths: readonly string[]): Part[] {
  const coverOf = coverage(paths);
  const changesByCover = new Map<string, Set<ServedChange>>();
  for (const change of changes) {
    for (const path of change.paths) {
      const cover = coverOf(path);
      if (cover === undefined) throw new Error(`The plan must cover every path, but it does not cover ${path}`);
      add(changesByCover, cover, change);
    }
  }
  const parts = new Map<string, { paths: string[]; changes: Set<ServedChange> }>();
  for (const [path, served] of changesByCover) {
    const objects = new Set(Array.from(served, ({ bucket, key }) => `${bucket}/${key}`));
    const [name = path] = objects.size === 1 ? objects : [path];
    const part = parts.get(name) ?? { paths: [], changes: new Set() };
    part.paths.push(path);
    for (const change of served) part.changes.add(change);
    parts.set(name, part);
  }
  return Array.from(parts.values(), (part) => ({ paths: part.paths, changes: [...part.changes] }));
}

function add<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const known = sets.get(key);
  if (known) known.add(value);
  else sets.set(key, new Set([value]));
}
