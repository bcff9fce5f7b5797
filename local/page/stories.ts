import type { Expected } from '../cli/freshness';
import type { Invalidation } from '../cloudfront/control-plane';
import type { LogLine } from '../log-line';
import type { ObjectChanged } from '../s3-sqs/start';
import type { Batch } from './batches';
import { legible } from './rows';

/** The way of an object's newest change: change → message → batch → invalidation → fresh. Times in milliseconds. */
export interface Story {
  readonly key: string;
  readonly changedAt: number;
  readonly isGone: boolean;
  /** None before a batch holds it. */
  readonly message?: { readonly id: string; readonly receives: number };
  readonly batch?: { readonly number: number; readonly at: number };
  /** Why its message went back to the queue, as long as no later batch has it. */
  readonly returned?: { readonly why: string; readonly at: number };
  readonly invalidation?: {
    readonly id: string;
    readonly at: number;
    /** The first of its paths that covers the object. */
    readonly path?: string;
    /** `dry-run`: one that was left out; `earlier`: one that another batch has sent. */
    readonly kind: 'sent' | 'earlier' | 'dry-run';
  };
  /** Its batch is done, and found that it needs no invalidation. */
  readonly needsNone?: boolean;
  /** Whether one of its pages, of those that are watched, was stale and is not fresh yet. */
  readonly isStale: boolean;
  /** Milliseconds from the change until the last of its watched pages was fresh. */
  readonly freshAfter?: number;
}

type Open = { -readonly [name in keyof Story]: Story[name] } & { requestId?: string; stalePaths: Set<string> };

/** Changes that are remembered, each the newest of its object. */
const MOST_REMEMBERED = 1_000;

/** Of those, so many are told of at once. */
export const MOST_TOLD = 8;

/** The newest changes, and what became of each. */
export interface Stories {
  changed(change: ObjectChanged): void;
  invoked(batch: Batch): void;
  logged(line: LogLine, invalidationOf: (id: string) => Invalidation | undefined): void;
  processed(batch: Batch): void;
  stale(expected: Expected): void;
  fresh(expected: Expected, after: number): void;
  /** The newest whose keys hold a text, the newest first; all hold the empty one. */
  find(text: string): Story[];
}

/** @param pathFor the first of some paths that covers an object */
export function createStories(pathFor: (key: string, paths: readonly string[]) => string | undefined): Stories {
  /** By key, the newest change last. */
  const stories = new Map<string, Open>();

  function ofRequest(fields: LogLine['fields']): Open[] {
    const keys = Array.isArray(fields.keys) ? fields.keys : [];
    return keys.flatMap((key) => {
      const story = stories.get(String(key));
      return story && story.requestId === fields.function_request_id ? [story] : [];
    });
  }

  return {
    changed({ key, at, eventName }) {
      stories.delete(key);
      const isGone = eventName.startsWith('ObjectRemoved');
      stories.set(key, { key, changedAt: at, isGone, isStale: false, stalePaths: new Set() });
      if (stories.size <= MOST_REMEMBERED) return;
      const [oldest] = stories.keys();
      if (oldest !== undefined) stories.delete(oldest);
    },
    invoked({ number, at, requestId, changed }) {
      for (const [key, records] of changed) {
        const story = stories.get(key);
        const record = records.at(-1);
        // A later change is another message's.
        if (!story || !record || story.changedAt > at) continue;
        story.message = { id: record.messageId, receives: Number(record.attributes.ApproximateReceiveCount) };
        story.batch = { number, at };
        story.requestId = requestId;
        delete story.returned;
        delete story.invalidation;
        delete story.needsNone;
      }
    },
    logged({ fields }, invalidationOf) {
      const { message, invalidationId, why, messageId } = fields;
      const kind = KINDS[String(message).split(',')[0] ?? ''];
      if (kind) {
        const invalidation = invalidationOf(String(invalidationId));
        for (const story of ofRequest(fields)) {
          const path = pathFor(story.key, invalidation?.paths ?? []);
          const at = invalidation?.createTime ?? story.batch?.at ?? story.changedAt;
          story.invalidation = { id: String(invalidationId), at, kind, ...(path === undefined ? {} : { path }) };
        }
      }
      if (message !== 'Message failed') return;
      for (const story of stories.values()) {
        if (story.message?.id === messageId) story.returned = { why: String(why), at: story.batch?.at ?? 0 };
      }
    },
    processed({ changed, returned, failure, doneAt = 0, number }) {
      const back = new Set(returned.map(({ messageId }) => messageId));
      for (const key of changed.keys()) {
        const story = stories.get(key);
        if (!story || story.batch?.number !== number) continue;
        if (back.has(story.message?.id ?? '')) {
          story.returned = { why: story.returned?.why ?? failure ?? 'the function did not say why', at: doneAt };
        } else if (!story.invalidation) story.needsNone = true;
      }
    },
    stale({ key, path, changedAt }) {
      const story = stories.get(key ?? '');
      if (story?.changedAt !== changedAt) return;
      story.stalePaths.add(path);
      story.isStale = true;
    },
    fresh({ key, path, changedAt }, after) {
      const story = stories.get(key ?? '');
      if (story?.changedAt !== changedAt) return;
      story.stalePaths.delete(path);
      story.isStale = story.stalePaths.size > 0;
      story.freshAfter = after;
    },
    find(text) {
      const found: Story[] = [];
      for (const story of [...stories.values()].reverse()) {
        if (!story.key.includes(text)) continue;
        found.push(shown(story));
        if (found.length === MOST_TOLD) break;
      }
      return found;
    },
  };
}

const KINDS: Readonly<Record<string, 'sent' | 'earlier' | 'dry-run'>> = {
  'Invalidation accepted': 'sent',
  'Already covered': 'earlier',
  'Dry run': 'dry-run',
};

function shown({ stalePaths: _, requestId: __, ...story }: Open): Story {
  const { invalidation, returned } = story;
  return {
    ...story,
    key: legible(story.key),
    ...(returned ? { returned: { ...returned, why: legible(returned.why) } } : {}),
    ...(invalidation?.path === undefined
      ? {}
      : { invalidation: { ...invalidation, path: legible(invalidation.path) } }),
  };
}
