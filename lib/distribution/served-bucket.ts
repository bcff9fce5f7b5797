import type { CheckedOrigin } from '../options/origin';
import type { SynthesizedBehavior, SynthesizedOrigin } from './synthesized-distribution';

/** What the options say of an origin. */
export interface StatedOrigin extends CheckedOrigin {
  readonly indexDocument?: string | undefined;
  /** Whether the function reads the distribution. If not, an option that is left out says something, too. */
  readonly isRead: boolean;
}

/** A bucket, as a distribution serves it. */
export interface ServedBucket {
  /** The path of the distribution. */
  readonly distribution: string;
  /** Empty: none. Undefined: not known. */
  readonly rootObject: string | undefined;
  /** Whether pages are served in place of errors, as those of single-page applications are. */
  readonly hasErrorPages: boolean;
  /** Those that are the bucket: one at least. */
  readonly origins: readonly SynthesizedOrigin[];
  /** Whether it is known of every other origin that it is not the bucket. */
  readonly areAllOrigins: boolean;
  /** Those that lead to the bucket. */
  readonly behaviors: readonly SynthesizedBehavior[];
}
