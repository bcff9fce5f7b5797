import type { ApplicationSeen } from '../cli/application';
import type { Bill } from './bill';
import type { PageSeen } from './freshness-history';
import type { QueueDepth } from './queue-depth';
import type { Step } from './steps';
import type { Story } from './stories';
import type { Counts } from './tree';

/** All that the page shows at one moment, but for the trees; however large the bucket is, it is small. */
export interface Snapshot {
  readonly edgeUrl: string;
  readonly distribution: string;
  /** The folder whose changes are uploaded. None: nobody has said. */
  readonly folder?: string;
  /** Whether that folder is the sample site. */
  readonly isSample: boolean;
  /** Whether a script changes the objects. */
  readonly byScript: boolean;
  /** Whether nothing is invalidated. */
  readonly dryRun: boolean;
  /** Seconds for which changes are gathered. */
  readonly maxBatchingWindow: number;
  readonly bucket: string;
  /** Milliseconds: this machine's clock. */
  readonly now: number;
  /** When this run began: another run has other batches. */
  readonly began: number;
  readonly objects: number;
  /** Changed, and not covered yet. */
  readonly waiting: number;
  /** None before it was read. */
  readonly queue?: QueueDepth;
  /** The newest first. */
  readonly batches: readonly BatchSummary[];
  /** In progress all of them, then the newest completed. */
  readonly invalidations: readonly InvalidationSummary[];
  readonly inProgress: { readonly invalidations: number; readonly paths: number; readonly wildcards: number };
  readonly staleCount: number;
  readonly freshCount: number;
  readonly steps: readonly Step[];
  readonly pages: readonly PageSeen[];
  /** When it was last looked at, after an invalidation. None before. */
  readonly application?: ApplicationSeen;
  readonly bill: Bill;
  /** What became of the newest changes. */
  readonly stories: readonly Story[];
  /** Another one whenever the tree of the bucket may be. */
  readonly treeVersion: number;
  /** Why the stack is of no more use. */
  readonly broken?: string;
}

export interface BatchSummary {
  readonly number: number;
  /** Milliseconds. */
  readonly at: number;
  readonly doneAt?: number;
  readonly messages: number;
  readonly changed: number;
  readonly paths: number;
  readonly wildcards: number;
  readonly listedPages: number;
  readonly returned: number;
  /** While it is under way: whether it holds the lease of its distribution, or another batch does. None: nobody does. */
  readonly lease?: 'own' | 'other';
  /** Milliseconds that it has waited for the lease. */
  readonly waited: number;
  /** Why messages of it will be retried, for the most of them. */
  readonly reasons: readonly { readonly why: string; readonly messages: number }[];
  readonly failure?: string;
  /** None while it is under way. */
  readonly counts?: Counts;
}

export interface InvalidationSummary {
  readonly id: string;
  /** Milliseconds. */
  readonly createTime: number;
  readonly inProgress: boolean;
  readonly pathCount: number;
  readonly wildcardCount: number;
  /** The first few. */
  readonly paths: readonly string[];
}
