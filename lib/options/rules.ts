import { type Duration, Token } from 'aws-cdk-lib';
import { type Target, targetsOf, tenantFault } from '../../lambda/contract/target';
import { OptionError } from './option-error';

/**
 * The rules of the options, for the construct and for the command line alike. Each throws an {@link OptionError} that
 * names the option, the rule and the value.
 */

/** What JavaScript, or the context, may give in place of text. */
export function checkText(value: unknown, option: string): string {
  if (typeof value !== 'string') throw new OptionError(option, 'must be text', value);
  return value;
}

/** The context gives text, and the text "false" counts as true in JavaScript: what it turns on must not be left to chance. */
export function checkTrueOrFalse(value: unknown, option: string): boolean {
  if (typeof value !== 'boolean') throw new OptionError(option, 'must be true or false', value);
  return value;
}

/** Document names are compared with the last segment of a key, so a slash could never match. */
export function checkIndexDocument(value: string, option = 'indexDocument'): string {
  if (Token.isUnresolved(value)) return value;
  checkText(value, option);
  if (value === '' || value.includes('/')) {
    throw new OptionError(option, 'must be a file name without a slash, such as "index.html", or "none"', value);
  }
  if (value.includes('*')) throw new OptionError(option, 'must be one file name, without a wildcard', value);
  if (value.length > 100) throw new OptionError(option, 'must have at most 100 characters', value);
  return value;
}

/** How long changes are gathered, in seconds. */
export function checkWindow(value: Duration, option = 'batchingWindow'): number {
  if (typeof value?.toSeconds !== 'function') {
    throw new OptionError(option, 'must be a Duration, such as Duration.seconds(20)', value);
  }
  return checkBatchingWindow(value.toSeconds({ integral: false }), option);
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
  if (typeof value !== 'number' || !(value >= 1e-6 && value <= 1e6)) {
    throw new OptionError(option, 'must be a number from 0.000001 to 1000000', Number.isNaN(value) ? 'NaN' : value);
  }
  return value;
}

/** Whole paths, of a day. */
export function checkPathsPerDay(value: number, option: string): number {
  if (Token.isUnresolved(value)) {
    throw new OptionError(option, 'must be known at synthesis, because an alarm says what it costs', '(a token)');
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

/** Each distribution, and each tenant, has an equal share of the day's paths, and a share is one path at least. */
export function checkShares(maxPathsPerDay: number, targets: readonly Target[]): void {
  const { length } = targetsOf(targets);
  if (maxPathsPerDay >= length) return;
  const names = targets.some(({ tenant }) => tenant !== undefined) ? 'distributions and tenants' : 'distributions';
  const rule = `must be at least the number of ${names}, ${length}, which share it equally`;
  throw new OptionError('maxPathsPerDay', rule, maxPathsPerDay);
}

/** The form of CloudFront's distribution ids: `E` and capital letters or digits. */
export function checkDistributionId(value: string, option = 'distributionId'): string {
  if (!/^E[A-Z0-9]{5,31}$/.test(value)) {
    throw new OptionError(option, 'must be a distribution id: E and capital letters or digits, as E123EXAMPLE', value);
  }
  return value;
}

/** The form of the ids of distribution tenants. Of a tenant of the app it is known at deployment only. */
export function checkTenant(value: string, option = 'tenant'): string {
  checkText(value, option);
  const fault = Token.isUnresolved(value) ? undefined : tenantFault(value);
  if (fault !== undefined) throw new OptionError(option, fault, value);
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
