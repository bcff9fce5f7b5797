import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { aliasPathFault, aliasTagFault, patternFault } from '../../lambda/contract/alias-pattern';
import type { Alias, Origin } from '../../lambda/contract/environment';
import { folderOf } from '../../lambda/contract/environment';
import { excludesAll, globFault, originPathFault } from '../../lambda/contract/option-rules';
import type { Target } from '../../lambda/contract/target';
import { ChangeEvents } from '../change-events';
import type { InvalidatorOrigin } from '../props';
import { identityOf } from '../synthesis/bucket-identity';
import { type Finding, warning } from '../synthesis/finding';
import { makeRendering } from '../synthesis/rendering';
import { OptionError } from './option-error';
import {
  checkBucketName,
  checkDistributionId,
  checkKnown,
  checkList,
  checkTenant,
  checkTrueOrFalse,
  keep,
  OTHER_ARN,
} from './rules';
import { checkAll } from './table';

/** The rules of the options of an origin. */

/** All options of an origin, or it does not compile. */
export const ORIGIN_RULES = {
  bucket: checkBucket,
  distribution: checkDistribution,
  tenant: checkTenant,
  originPath: checkOriginPath,
  viewerPrefix: checkOriginPath,
  events: checkEvents,
  prefix: checkPrefix,
  exclude: checkGlobs,
  queryStrings: checkTrueOrFalse,
  aliases: checkAliases,
} satisfies Readonly<Record<keyof InvalidatorOrigin, unknown>>;

/** What the options of an origin say, or their defaults. */
export type CheckedOrigin = ReturnType<typeof checkOrigin>;

/** What JavaScript may leave out of an origin, or write otherwise. */
export function checkOrigins(value: readonly InvalidatorOrigin[], option: string): readonly CheckedOrigin[] {
  keep(value, option, [Array.isArray(value), 'must be an array of origins, such as [{ bucket, distribution }]']);
  keep(value, option, [value.length > 0, 'must name at least one origin']);
  const origins = value.map((origin, index) => checkOrigin(origin, `${option}[${index}]`));
  checkDifferent(origins);
  return origins;
}

/** @param option how messages call the origin, such as `origins[0]` */
function checkOrigin(origin: InvalidatorOrigin, option: string) {
  const { prefix, ...stated } = checkAll(ORIGIN_RULES, origin, `${option}.`, ['bucket', 'distribution']);
  return {
    ...stated,
    bucket: stated.bucket as IBucket,
    distribution: stated.distribution as IDistribution,
    option,
    events: stated.events ?? ChangeEvents.NOTIFICATIONS,
    prefix: prefix || undefined,
    /** How the watched keys begin. */
    watched: watchedPrefix(prefix, stated.originPath, `${option}.prefix`),
  };
}

/** What the function is told: nothing of what is left out, so that it is as the distribution says. */
export function toOrigin(origin: CheckedOrigin): Origin {
  const { bucket, originPath: path, viewerPrefix, prefix, exclude, queryStrings, aliases } = origin;
  const names = { bucket: bucket.bucketName, ...targetOf(origin) };
  return { ...names, path, viewerPrefix, prefix, exclude, queryStrings, aliases };
}

/** What an origin's invalidations are sent to. */
export function targetOf({ distribution, tenant }: Pick<CheckedOrigin, 'distribution' | 'tenant'>): Target {
  return { distribution: distribution.distributionId, tenant };
}

/** What is used of a bucket is here. */
function checkBucket(bucket: IBucket, option: string): IBucket {
  const isOne = typeof bucket?.bucketName === 'string';
  keep(bucket, option, [isOne, 'must be a bucket of CDK, as Bucket.fromBucketName makes']);
  checkBucketName(OTHER_ARN.test(bucket.bucketArn) ? bucket.bucketArn : bucket.bucketName, option);
  return bucket;
}

function checkDistribution(distribution: IDistribution, option: string): IDistribution {
  const isOne = typeof distribution?.distributionId === 'string';
  const rule = 'must be a distribution of CDK, as Distribution.fromDistributionAttributes makes';
  keep(distribution, option, [isOne, rule]);
  checkDistributionId(distribution.distributionId, option);
  return distribution;
}

/** Of an origin that is there twice, one is forgotten: mostly one of them was to be another. */
function checkDifferent(origins: readonly CheckedOrigin[]): void {
  const rendering = makeRendering();
  const firsts = new Map<string, string>();
  for (const origin of origins) {
    const { option, bucket, distribution, tenant, originPath, viewerPrefix, prefix = '', watched } = origin;
    const paths = [originPath, viewerPrefix, watched];
    const id = JSON.stringify([identityOf(bucket, rendering), targetOf(origin), ...paths]);
    const first = firsts.get(id);
    if (first !== undefined) {
      throw new OptionError(
        option,
        `must differ from ${first} in its bucket, distribution, tenant, origin path, viewer prefix or prefix`,
        {
          bucket,
          distribution,
          tenant,
          originPath,
          prefix,
        },
      );
    }
    firsts.set(id, option);
  }
}

/** CloudFront's rule for origin paths: empty, or a leading slash and no trailing one. */
export function checkOriginPath(value: string, option = 'originPath'): string {
  if (checkKnown(value, option) === '') return value;
  const fault = originPathFault(value);
  return keep(value, option, [fault === undefined, fault ?? '']);
}

/** S3's rule for keys: at most 1,024 bytes. A slash in front or a wildcard would match no key that anybody means. */
export function checkPrefix(value: string, option: string): string {
  return keep(
    checkKnown(value, option),
    option,
    [!/^\/|\*/.test(value), 'must be how keys begin, without a slash in front or a wildcard, as "docs/"'],
    [!/\p{Surrogate}/u.test(value), 'must be well-formed Unicode'],
    [Buffer.byteLength(value) <= 1024, 'must have at most 1024 bytes'],
  );
}

/** What the watched keys begin with: a prefix within the origin path, or that. */
export function watchedPrefix(prefix = '', originPath = '', option = 'prefix'): string {
  const folder = folderOf(originPath);
  if (prefix === '' || prefix.startsWith(folder)) return prefix || folder;
  throw new OptionError(option, `must lie inside the origin path, so begin with "${folder}"`, prefix);
}

export function checkEvents(value: string, option = 'events'): ChangeEvents {
  const known = Object.values(ChangeEvents).find((each) => each === value);
  if (known) return known;
  throw new OptionError(option, "must be 'notifications' or 'eventbridge'", value);
}

/** The globs of what is never invalidated. */
export function checkGlobs(value: readonly string[], option = 'exclude'): readonly string[] {
  const globs = checkList(value, option, "must be an array of globs, such as ['assets/**']");
  return globs.map((glob) => checkGlob(glob, option));
}

function checkGlob(value: string, option: string): string {
  checkKnown(value, option);
  const fault = globFault(value);
  if (fault !== undefined) throw new OptionError(option, fault, value);
  return value;
}

/** Globs after which nothing is left to invalidate are mostly a mistake about their order. */
export function exclusionFindings(origins: readonly CheckedOrigin[]): Finding[] {
  return origins.flatMap(({ option, exclude = [] }) =>
    excludesAll(exclude)
      ? [
          warning(
            `${option}.exclude`,
            `${option}.exclude excludes every object, so nothing is invalidated: ${JSON.stringify(exclude)}`,
          ),
        ]
      : [],
  );
}

/** The rules for further paths. */
export function checkAliases(value: readonly Alias[], option = 'aliases'): readonly Alias[] {
  const rule = "must be an array of rules, such as [{ pattern: '{page+}.html', paths: ['/{page}'] }]";
  return checkList(value, option, rule).map((alias, at) => checkAlias(alias, `${option}[${at}]`));
}

/** A rule that could match no key, or give a path that CloudFront rejects or that matches nothing. */
function checkAlias(alias: Alias, option: string): Alias {
  const rules = { paths: checkPaths, tags: checkTags, pattern: checkKnown };
  const required = Object(alias).tags == null ? (['paths', 'pattern'] as const) : (['pattern'] as const);
  const { pattern = '', paths = [], tags = [] } = checkAll(rules, alias, `${option}.`, [...required]);
  for (const [at, value] of [pattern, ...paths].entries()) {
    const name = at === 0 ? `${option}.pattern` : `${option}.paths[${at - 1}]`;
    const fault = at === 0 ? patternFault(value) : aliasPathFault(checkKnown(value, name), pattern);
    keep(value, name, [fault === undefined, String(fault)]);
  }
  for (const [at, tag] of tags.entries()) {
    const name = `${option}.tags[${at}]`;
    const fault = aliasTagFault(checkKnown(tag, name), pattern);
    keep(tag, name, [fault === undefined, String(fault)]);
  }
  return { pattern, ...(paths.length > 0 && { paths }), ...(tags.length > 0 && { tags }) };
}

function checkPaths(value: readonly string[], option: string): readonly string[] {
  checkList(value, option, 'must be an array of paths');
  return keep(value, option, [value.length > 0, 'must have at least one path']);
}

function checkTags(value: readonly string[], option: string): readonly string[] {
  checkList(value, option, 'must be an array of cache tags');
  return keep(value, option, [value.length > 0, 'must have at least one tag']);
}
