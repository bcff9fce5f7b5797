import { encodeText, isEncodable } from '../../lambda/contract/alias-pattern';
import { LONGEST_PATH } from '../../lambda/contract/quotas';

/** What the invalidator is asked by a message to its queue. */
export interface InvalidationRequest {
  readonly invalidate: {
    readonly distribution: string;
    /** Id of a tenant of the distribution. Absent: the distribution itself. */
    readonly tenant?: string;
    /** Percent-encoded. Absent: none. */
    readonly paths?: readonly string[];
    /** Cache tags without a `#`. Absent: none. */
    readonly tags?: readonly string[];
  };
}

/** Of what is there, each once. */
export function invalidationRequest(
  distribution: string,
  paths: readonly string[],
  tags: readonly string[],
  tenant?: string,
): InvalidationRequest {
  const encoded = [...new Set(paths.map(encodeText))];
  const distinct = [...new Set(tags)];
  return {
    invalidate: {
      distribution,
      ...(tenant !== undefined && { tenant }),
      ...(encoded.length > 0 && { paths: encoded }),
      ...(distinct.length > 0 && { tags: distinct }),
    },
  };
}

/** What is wrong with a path, as a rule that it breaks; undefined: nothing. What has to be encoded may be written as it is. */
export function pathFault(path: string): string | undefined {
  if (!path.startsWith('/')) return 'must begin with a slash, as viewers request it';
  if (/\*(?!$)/.test(path))
    return 'must have a "*" at the end only: anywhere else, CloudFront takes it for a character';
  if (/~|%7E/i.test(path)) return 'must have no "~", which CloudFront cannot invalidate; end it with a "*" before';
  if (path.includes('#')) return 'must have no "#", which never leaves the browser; a cache tag is given by --tag';
  if (!path.isWellFormed()) return 'must be well-formed Unicode';
  if (!isEncodable(path)) return 'must have a "%" only in escapes of UTF-8 with capital letters, such as %C3%A9';
  if (encodeText(path).length > LONGEST_PATH) return `must have at most ${LONGEST_PATH} characters, encoded`;
  return undefined;
}

/** What is wrong with a cache tag, as a rule that it breaks; undefined: nothing. */
export function tagFault(tag: string): string | undefined {
  if (tag.startsWith('#')) return 'must be a cache tag as the header has it, without a "#" in front';
  if (!/^[!-+\--~]+$/.test(tag)) return 'must be visible ASCII without a comma';
  if (tag.length > LONGEST_TAG) return `must have at most ${LONGEST_TAG} characters`;
  return undefined;
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Invalidation.html */
const LONGEST_TAG = 256;
