import { isWildcard, stemOf, viewerPaths } from '../../lambda/paths/viewer-path';
import type { Batch } from './batches';
import { type Mark, markObjects } from './marks';
import { legible, type Row, rowsOf } from './rows';
import type { BatchSummary } from './snapshot';
import { type Counts, growTree, placeWildcard } from './tree';

/** The bucket as the page draws it, at one moment. */
export interface Scene {
  readonly originPath: string;
  readonly indexDocument: string;
  readonly keys: Iterable<string>;
  /** Changed, and not covered yet. */
  readonly waiting: ReadonlySet<string>;
}

/** A drawing of the bucket's tree. */
export interface Drawing {
  readonly rows: readonly Row[];
  readonly counts: Counts;
}

/** The bucket, with the plan of a batch over it; without one, the bucket as it is. */
export function draw(scene: Scene, batch?: Batch): Drawing {
  const { originPath, indexDocument } = scene;
  const paths = batch?.paths ?? [];
  const wildcards = paths.filter(isWildcard).map((path) => ({ path, beginning: keysBeginning(path, originPath) }));
  const beginnings = wildcards.map(({ beginning }) => spaced(beginning));
  /** Most objects are far from every wildcard, which is seen sooner than how their paths are spelled. */
  function isNear(key: string): boolean {
    const name = spaced(key);
    for (const beginning of beginnings) if (name.startsWith(beginning)) return true;
    return false;
  }
  const marks: Map<string, Mark> = markObjects(scene.keys, {
    paths,
    changed: new Set(batch?.changed.keys()),
    waiting: scene.waiting,
    viewerPaths: (key) => (batch?.changed.has(key) || isNear(key) ? viewerPaths(key, originPath, indexDocument) : []),
  });
  const root = growTree(marks);
  for (const { path, beginning } of wildcards) placeWildcard(root, beginning, path);
  return { rows: rowsOf(root), counts: root.counts };
}

/** How the keys begin that a wildcard covers; of a name that it cuts in an encoded character, only what is before. */
function keysBeginning(wildcard: string, originPath: string): string {
  const path = `${originPath}${stemOf(wildcard)}`.slice(1);
  const whole = path.replace(/(?:%[0-9a-f]{0,2})+$/i, (end) => (decoded(end) === undefined ? '' : end));
  return decoded(whole) ?? '';
}

/** A space may be spelled as a plus in a path. */
function spaced(text: string): string {
  return text.includes('+') ? text.replaceAll('+', ' ') : text;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Reasons for which messages are retried, of a batch: those of most messages. */
const MOST_REASONS = 3;

/** A batch in a line. */
export function summaryOf(batch: Batch, counts?: Counts): BatchSummary {
  return {
    number: batch.number,
    at: batch.at,
    messages: batch.messageIds.size,
    changed: batch.changed.size,
    paths: batch.paths.length,
    wildcards: batch.paths.filter(isWildcard).length,
    listedPages: batch.listedPages,
    returned: batch.returned.length,
    waited: batch.waited,
    reasons: [...batch.reasons]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, MOST_REASONS)
      .map(([why, messages]) => ({ why: legible(why), messages })),
    ...(batch.doneAt === undefined ? {} : { doneAt: batch.doneAt }),
    ...(batch.failure === undefined ? {} : { failure: legible(batch.failure) }),
    ...(counts ? { counts } : {}),
  };
}
