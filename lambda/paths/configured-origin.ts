import type { Origin } from '../contract/environment';

/** An origin as the stack tells of it, and what its rules make of names. */
export interface ConfiguredOrigin extends Origin {
  /** Whether a name, relative to the origin path, is never to be invalidated. */
  readonly excludes: (name: string) => boolean;
  /** Further viewer paths of a name, ready to be invalidated. */
  readonly aliasesOf: (name: string) => string[];
  /** Cache tags of a name. Absent: it has none. */
  readonly tagsOf?: (name: string) => string[];
}

/** What the stack tells of everything that is served. */
export interface ConfiguredOrigins {
  readonly origins: readonly ConfiguredOrigin[];
  /** Empty: folders have none. Undefined: as the distribution says. */
  readonly indexDocument: string | undefined;
}
