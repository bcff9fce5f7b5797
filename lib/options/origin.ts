import { Token } from 'aws-cdk-lib';
import { aliasPathFault, patternFault } from '../../lambda/contract/alias-pattern';
import type { Alias, Origin } from '../../lambda/contract/environment';
import { folderOf } from '../../lambda/contract/environment';
import type { InvalidatorOrigin } from '../props';
import { OptionError } from './option-error';
import { checkText } from './rules';

/** The rules of the options of an origin. */

/** What JavaScript may leave out of an origin, or write otherwise: what is used of a bucket and a distribution is here. */
export function checkOriginsGiven(value: readonly InvalidatorOrigin[]): readonly InvalidatorOrigin[] {
  const rule = 'must be an array of origins, such as [{ bucket, distribution }]';
  if (!Array.isArray(value)) throw new OptionError('origins', rule, value);
  for (const [index, origin] of value.entries()) {
    const option = `origins[${index}]`;
    if (typeof origin?.bucket?.bucketName !== 'string') {
      throw new OptionError(
        `${option}.bucket`,
        'must be a bucket of CDK, as Bucket.fromBucketName makes',
        origin?.bucket,
      );
    }
    if (typeof origin.distribution?.distributionId !== 'string') {
      throw new OptionError(
        `${option}.distribution`,
        'must be a distribution of CDK, as Distribution.fromDistributionAttributes makes',
        origin.distribution,
      );
    }
  }
  return value;
}

/** Of an origin that is there twice, one is forgotten: mostly one of them was to be another. */
export function checkDifferent(origins: readonly InvalidatorOrigin[]): void {
  const firsts = new Map<string, number>();
  for (const [index, { bucket, distribution, originPath, prefix = '' }] of origins.entries()) {
    const watched = prefix || folderOf(originPath ?? '');
    const id = JSON.stringify([bucket.bucketName, distribution.distributionId, originPath, watched]);
    const first = firsts.get(id);
    if (first !== undefined) {
      throw new OptionError(
        `origins[${index}]`,
        `must differ from origins[${first}] in its bucket, distribution, origin path or prefix`,
        { bucket, distribution, originPath, prefix },
      );
    }
    firsts.set(id, index);
  }
}

/** CloudFront's rule for origin paths: empty, or a leading slash and no trailing one. */
export function checkOriginPath(value: string, option = 'originPath'): string {
  checkText(value, option);
  if (value === '') return value;
  if (Token.isUnresolved(value)) throw new OptionError(option, 'must be known at synthesis', '(a token)');
  if (!value.startsWith('/')) throw new OptionError(option, 'must begin with a slash, such as "/site"', value);
  if (value.endsWith('/')) throw new OptionError(option, 'must not end with a slash; leave it out for none', value);
  if (!/^(\/[^/?#*%\s]+)+$/.test(value)) {
    throw new OptionError(option, 'must be folders without "?", "#", "*", "%", spaces or empty names', value);
  }
  if (value.length > 255) throw new OptionError(option, 'must have at most 255 characters', value);
  return value;
}

/** S3's rule for keys: at most 1,024 bytes. A slash in front or a wildcard would match no key that anybody means. */
export function checkPrefix(value: string, originPath: string, option = 'prefix'): string {
  checkText(value, option);
  const folder = folderOf(originPath);
  if (value === '') return folder;
  if (Token.isUnresolved(value)) throw new OptionError(option, 'must be known at synthesis', '(a token)');
  if (value.startsWith('/') || value.includes('*')) {
    throw new OptionError(option, 'must be how keys begin, without a slash in front or a wildcard, as "docs/"', value);
  }
  if (/\p{Surrogate}/u.test(value)) throw new OptionError(option, 'must be well-formed Unicode', value);
  if (Buffer.byteLength(value) > 1024) throw new OptionError(option, 'must have at most 1024 bytes', value);
  if (!value.startsWith(folder)) {
    throw new OptionError(option, `must lie inside the origin path, so begin with "${folder}"`, value);
  }
  return value;
}

/** How a bucket tells of its changes. */
export type ChangeEvents = NonNullable<InvalidatorOrigin['events']>;

export function checkEvents(value: string, option = 'events'): ChangeEvents {
  if (value === 'notifications' || value === 'eventbridge') return value;
  throw new OptionError(option, "must be 'notifications' or 'eventbridge'", value);
}

/**
 * Lambda's environment holds 4 KB, so it can name some thirty origins, and fewer with aliases.
 *
 * @param hasEventBus whether the environment names a bus and the queue, too
 */
export function checkOrigins(value: readonly Origin[], hasEventBus = false): readonly Origin[] {
  if (value.length === 0) throw new OptionError('origins', 'must name at least one origin', value);
  const length = Buffer.byteLength(JSON.stringify(value));
  const longest = LONGEST_ORIGINS - (hasEventBus ? LONGEST_EVENT_BUS : 0);
  if (length > longest) {
    throw new OptionError(
      'origins',
      `must fit into ${longest} bytes of JSON, with all their globs and aliases; use two invalidators`,
      length,
    );
  }
  return value;
}

/** 4 KB less the other variables, of which the name of the ledger table alone may have 170 characters. */
const LONGEST_ORIGINS = 3_600;

/** The variables of an ARN, in which the bus's name alone may have 256 characters, and of the queue's URL. */
const LONGEST_EVENT_BUS = 500;

/** The globs of what is never invalidated. */
export function checkGlobs(value: readonly string[], option = 'exclude'): readonly string[] {
  if (!Array.isArray(value)) throw new OptionError(option, "must be an array of globs, such as ['assets/**']", value);
  return value.map((glob) => checkGlob(glob, option));
}

/** Names have no slash in front, and those that end in one are markers of folders: such a glob would exclude nothing. */
function checkGlob(value: string, option: string): string {
  checkText(value, option);
  if (value === '' || value.startsWith('/') || value.endsWith('/')) {
    throw new OptionError(option, 'must be a glob of names without a slash in front or at the end: "assets/**"', value);
  }
  const stars = value.match(/\*+/g) ?? [];
  const folders = stars.filter((each) => each.length > 1).length;
  const ofASegment = value.split('/').map((segment) => segment.match(/\*+/g)?.length ?? 0);
  if (folders > MOST_STARS || Math.max(...ofASegment) > MOST_STARS || /[@!?+*]\(/.test(value)) {
    throw new OptionError(
      option,
      'must have at most two "**", two "*" between slashes, and no "(": each more makes matching a long key a thousand times slower',
      value,
    );
  }
  return value;
}

/** Globs become regular expressions, which try every way to divide a key, and keys may come from strangers. */
const MOST_STARS = 2;

/** The rules for further paths. */
export function checkAliases(value: readonly Alias[], option = 'aliases'): readonly Alias[] {
  const rule = "must be an array of rules, such as [{ pattern: '{page+}.html', paths: ['/{page}'] }]";
  if (!Array.isArray(value)) throw new OptionError(option, rule, value);
  return value.map((alias, at) => checkAlias(alias, `${option}[${at}]`));
}

/** A rule that could match no key, or give a path that CloudFront rejects or that matches nothing. */
function checkAlias(alias: Alias, option: string): Alias {
  const { pattern, paths } = Object(alias) as Alias;
  if (!Array.isArray(paths)) throw new OptionError(`${option}.paths`, 'must be an array of paths', paths);
  for (const [at, value] of [pattern, ...paths].entries()) {
    const name = at === 0 ? `${option}.pattern` : `${option}.paths[${at - 1}]`;
    if (Token.isUnresolved(value)) throw new OptionError(name, 'must be known at synthesis', '(a token)');
    checkText(value, name);
    const fault = at === 0 ? patternFault(value) : aliasPathFault(value, pattern);
    if (fault !== undefined) throw new OptionError(name, fault, value);
  }
  if (paths.length === 0) throw new OptionError(`${option}.paths`, 'must have at least one path', paths);
  return { pattern, paths };
}
