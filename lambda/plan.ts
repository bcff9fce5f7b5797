/** A changed object as one distribution serves it. */
export interface ChangedObject {
  readonly bucket: string;
  readonly key: string;
  /** The viewer paths it may be cached under, percent-encoded; one that ends in `*` can only be covered by a wildcard. */
  readonly paths: readonly string[];
}
