/** A changed object as one distribution serves it. */
export interface ChangedObject {
  readonly bucket: string;
  readonly key: string;
  /** The origin path that its paths do not have. @default - none */
  readonly originPath?: string;
  /** What its paths have in front of its name, such as `assets/`. @default - nothing */
  readonly viewerFolder?: string;
  /** The viewer paths it may be cached under, percent-encoded; one that ends in `*` can only be covered by a wildcard. */
  readonly paths: readonly string[];
  /** Those of its paths that do not follow from its key: the bucket has nothing under them. Absent: none. */
  readonly aliases?: readonly string[];
  /**
   * Those of its paths that are sent as they are, and that no wildcard is sought for: cache tags, and what somebody requested. Absent:
   * none.
   */
  readonly verbatim?: readonly string[];
  /** When it changed, in ms since the epoch, if that is known. */
  readonly time?: number | undefined;
  /**
   * How often its message was received, this time included.
   *
   * @default 1
   */
  readonly receiveCount?: number;
}
