import { Token } from 'aws-cdk-lib';
import { aliasPathFault, patternFault } from '../../lambda/contract/alias-pattern';
import type { Alias, Origin } from '../../lambda/contract/environment';
import { folderOf } from '../../lambda/contract/environment';
import { globFault, originPathFault } from '../../lambda/contract/option-rules';
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
  const fault = originPathFault(value);
  if (fault !== undefined) throw new OptionError(option, fault, value);
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

/** Lambda's environment holds 4 KB, so it can name some thirty origins, and fewer with aliases. */
export function checkOrigins(value: readonly Origin[]): readonly Origin[] {
  if (value.length === 0) throw new OptionError('origins', 'must name at least one origin', value);
  const length = Buffer.byteLength(JSON.stringify(value));
  if (length > LONGEST_ORIGINS) {
    throw new OptionError(
      'origins',
      `must fit into ${LONGEST_ORIGINS} bytes of JSON, with all their globs and aliases; use two invalidators`,
      length,
    );
  }
  return value;
}

/** 4 KB less the other variables, of which the name of the ledger table alone may have 170 characters. */
const LONGEST_ORIGINS = 3_600;

/** The globs of what is never invalidated. */
export function checkGlobs(value: readonly string[], option = 'exclude'): readonly string[] {
  if (!Array.isArray(value)) throw new OptionError(option, "must be an array of globs, such as ['assets/**']", value);
  return value.map((glob) => checkGlob(glob, option));
}

function checkGlob(value: string, option: string): string {
  checkText(value, option);
  const fault = globFault(value);
  if (fault !== undefined) throw new OptionError(option, fault, value);
  return value;
}

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
