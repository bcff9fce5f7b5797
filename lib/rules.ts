import { Token } from 'aws-cdk-lib';
import { aliasPathFault } from '../lambda/alias';
import type { Alias, Origin } from '../lambda/environment';
import { patternFault } from '../lambda/key-pattern';
import { folderOf } from '../lambda/path';
import type { ChangeEvents } from './change-source';

/**
 * The rules of the options, for the construct and for the command line alike. Each throws an {@link OptionError} that
 * names the option, the rule and the value.
 */

/** A bad value of an option: its message is for the person who gave it, without a stack trace. */
export class OptionError extends Error {
  constructor(option: string, rule: string, value: unknown) {
    super(`${option} ${rule}, but it is ${value === undefined ? 'missing' : JSON.stringify(value)}`);
    this.name = 'OptionError';
  }
}

/** CloudFront's rule for origin paths: empty, or a leading slash and no trailing one. */
export function checkOriginPath(value: string, option = 'originPath'): string {
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
export function checkEvents(value: string, option = 'events'): ChangeEvents {
  if (value === 'notifications' || value === 'eventbridge') return value;
  throw new OptionError(option, "must be 'notifications' or 'eventbridge'", value);
}

/** Document names are compared with the last segment of a key, so a slash could never match. */
export function checkIndexDocument(value: string, option = 'indexDocument'): string {
  if (Token.isUnresolved(value)) return value;
  if (value === '' || value.includes('/')) {
    throw new OptionError(option, 'must be a file name without a slash, such as "index.html", or "none"', value);
  }
  if (value.length > 100) throw new OptionError(option, 'must have at most 100 characters', value);
  return value;
}

/** Lambda's limits for the batching window of a queue, in whole seconds. */
export function checkBatchingWindow(seconds: number, option = 'batchingWindow'): number {
  if (Token.isUnresolved(seconds)) {
    throw new OptionError(option, 'must be known at synthesis, because the visibility timeout is derived', '(a token)');
  }
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 300) {
    throw new OptionError(option, 'must be a whole number of seconds from 0 to 300', seconds);
  }
  return seconds;
}

/** A weight, whole or not; beyond a million on either side it means "never" and "whatever it costs" all the same. */
export function checkRefetchesPerPath(value: number, option = 'refetchesPerPath'): number {
  if (Token.isUnresolved(value)) throw new OptionError(option, 'must be known at synthesis', '(a token)');
  if (!(value >= 1e-6 && value <= 1e6)) {
    throw new OptionError(option, 'must be a number from 0.000001 to 1000000', Number.isNaN(value) ? 'NaN' : value);
  }
  return value;
}

/** Whole paths. */
export function checkPathsPerDayBudget(value: number, option = 'pathsPerDayBudget'): number {
  if (Token.isUnresolved(value)) {
    throw new OptionError(option, 'must be known at synthesis, because the alarm says what it costs', '(a token)');
  }
  if (!Number.isInteger(value) || value < 1 || value > 1e9) {
    throw new OptionError(
      option,
      'must be a whole number of paths from 1 to 1000000000',
      Number.isNaN(value) ? 'NaN' : value,
    );
  }
  return value;
}

/** Where there are no alarms, nobody would hear of them. */
export function checkUnusedWithoutMonitoring(options: {
  readonly alarmTopic?: unknown;
  readonly pathsPerDayBudget?: unknown;
}): void {
  for (const option of ['alarmTopic', 'pathsPerDayBudget'] as const) {
    if (options[option] !== undefined) {
      throw new OptionError(option, 'must be left out without monitoring, which makes the alarms', '(given)');
    }
  }
}

/** Alarms cannot tell a FIFO topic. */
export function checkTopic<T extends { readonly fifo: boolean; readonly topicName: string }>(topic: T): T {
  if (topic.fifo) throw new OptionError('alarmTopic', 'must be a standard SNS topic', topic.topicName);
  return topic;
}

/** The ARN of a standard topic: alarms cannot tell a FIFO one. */
export function checkTopicArn(value: string, option = 'alarmTopic'): string {
  if (!/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(value)) {
    throw new OptionError(option, 'must be the ARN of a standard SNS topic', value);
  }
  return value;
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

/** 4 KB less the other variables. */
const LONGEST_ORIGINS = 3_800;

/** Names have no slash in front, and those that end in one are markers of folders: such a glob would exclude nothing. */
export function checkGlob(value: string, option = 'exclude'): string {
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

/** A rule that could match no key, or ask CloudFront for what it refuses or what matches nothing. */
export function checkAlias({ pattern, paths }: Alias, option: string): Alias {
  for (const [at, value] of [pattern, ...paths].entries()) {
    const name = at === 0 ? `${option}.pattern` : `${option}.paths[${at - 1}]`;
    if (Token.isUnresolved(value)) throw new OptionError(name, 'must be known at synthesis', '(a token)');
    const fault = at === 0 ? patternFault(value) : aliasPathFault(value, pattern);
    if (fault !== undefined) throw new OptionError(name, fault, value);
  }
  if (paths.length === 0) throw new OptionError(`${option}.paths`, 'must have at least one path', paths);
  return { pattern, paths };
}

/** The form of CloudFront's distribution ids: `E` and capital letters or digits. */
export function checkDistributionId(value: string, option = 'distributionId'): string {
  if (!/^E[A-Z0-9]{5,31}$/.test(value)) {
    throw new OptionError(option, 'must be a distribution id: E and capital letters or digits, as E123EXAMPLE', value);
  }
  return value;
}

/** S3's rules for the names of general purpose buckets, https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html. */
export function checkBucketName(value: string, option = 'bucketName'): string {
  if (
    !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value) ||
    value.includes('..') ||
    /^\d{1,3}(\.\d{1,3}){3}$/.test(value)
  ) {
    throw new OptionError(option, 'must be a bucket name: 3 to 63 lower-case letters, digits, dots or hyphens', value);
  }
  return value;
}
