import { type Duration, type IResource, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { distributionIdFault, indexDocumentFault } from '../../lambda/contract/option-rules';
import { tenantFault } from '../../lambda/contract/target';
import { OptionError } from './option-error';

/**
 * The rules of the options, for the construct and for the command line alike. Each throws an {@link OptionError} that
 * names the option, the rule and the value.
 */

/** A value that keeps its rules; of those that it breaks, the first is named. */
export function keep<T>(value: T, option: string, ...rules: readonly (readonly [isKept: boolean, rule: string])[]): T {
  const broken = rules.find(([isKept]) => !isKept);
  if (broken) throw new OptionError(option, broken[1], value);
  return value;
}

/** What JavaScript, or the context, may give in place of text. */
export function checkText(value: unknown, option: string): string {
  return keep(value as string, option, [typeof value === 'string', 'must be text']);
}

/** Text that is needed before the deployment. */
export function checkKnown(value: string, option: string): string {
  return keep(checkText(value, option), option, [!Token.isUnresolved(value), 'must be known at synthesis']);
}

/** A list that is needed before the deployment. */
export function checkList<T>(value: readonly T[], option: string, rule: string): readonly T[] {
  keep(value, option, [Array.isArray(value), rule]);
  return keep(value, option, [!Token.isUnresolved(value), 'must be known at synthesis']);
}

/** The context gives text, and the text "false" counts as true in JavaScript: what it turns on must not be left to chance. */
export function checkTrueOrFalse(value: unknown, option: string): boolean {
  return keep(value as boolean, option, [typeof value === 'boolean', 'must be true or false']);
}

/** The document that folder URLs are answered with, or `none`. */
export function checkIndexDocument(value: string, option = 'indexDocument'): string {
  if (Token.isUnresolved(value)) return value;
  checkText(value, option);
  const fault = indexDocumentFault(value);
  return keep(value, option, [fault === undefined, fault ?? '']);
}

/** How long changes are gathered, in seconds. */
export function checkWindow(value: Duration, option: string): number {
  keep(value, option, [typeof value.toSeconds === 'function', 'must be a Duration, such as Duration.seconds(20)']);
  return checkBatchingWindow(value.toSeconds({ integral: false }), option);
}

/** Lambda's limits for the batching window of a queue, in whole seconds. */
export function checkBatchingWindow(seconds: number, option: string): number {
  const isValid = Number.isInteger(seconds) && seconds >= 0 && seconds <= 300;
  const isKnown = !Token.isUnresolved(seconds);
  return keep(
    seconds,
    option,
    [isKnown, 'must be known at synthesis, because the visibility timeout is derived'],
    [isValid, 'must be a whole number of seconds from 0 to 300'],
  );
}

/** A weight, whole or not; beyond a million on either side it means "never" and "whatever it costs" all the same. */
export function checkRefetchesPerPath(value: number, option = 'refetchesPerPath'): number {
  const isValid = typeof value === 'number' && value >= 1e-6 && value <= 1e6;
  const isKnown = !Token.isUnresolved(value);
  const rule = 'must be a number from 0.000001 to 1000000';
  return keep(value, option, [isKnown, 'must be known at synthesis'], [isValid, rule]);
}

/** Whole paths, of a day. */
export function checkPathsPerDay(value: number, option: string): number {
  const isValid = Number.isInteger(value) && value >= 1 && value <= 1e9;
  const isKnown = !Token.isUnresolved(value);
  return keep(
    value,
    option,
    [isKnown, 'must be known at synthesis, because an alarm says what it costs'],
    [isValid, 'must be a whole number of paths from 1 to 1000000000'],
  );
}

export function checkDistributionId(value: string, option: string): string {
  const fault = Token.isUnresolved(value) ? undefined : distributionIdFault(value);
  return keep(value, option, [fault === undefined, fault ?? '']);
}

/** Of a tenant of the app it is known at deployment only. */
export function checkTenant(value: string, option: string): string {
  checkText(value, option);
  const fault = Token.isUnresolved(value) ? undefined : tenantFault(value);
  return keep(value, option, [fault === undefined, fault ?? '']);
}

/** Of access points, directory buckets and the like. */
export const OTHER_ARN = /^arn:.*:(accesspoint\b|s3[a-z-]+:)/;

/**
 * S3's rules for the names of general purpose buckets, https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html.
 * Access points and the like have names of their own.
 */
export function checkBucketName(value: string, option: string): string {
  if (Token.isUnresolved(value)) return value;
  const isOther = OTHER_ARN.test(value) || /(-s3alias|--ol-s3|--x-s3|--xa-s3|--table-s3|\.mrap)$/.test(value);
  const isName = /^(?!xn--|sthree-|\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value);
  return keep(
    value,
    option,
    [
      !isOther,
      'must be a general purpose bucket, which alone tells of its changes: of an access point, name the bucket',
    ],
    [isName, 'must be a bucket name: 3 to 63 lower-case letters, digits, dots or hyphens'],
  );
}

/** CloudWatch takes no others. */
export function checkRetention(value: RetentionDays, option: string): RetentionDays {
  const days = Object.values(RetentionDays).filter((each) => typeof each === 'number');
  const isValid = Token.isUnresolved(value) || days.includes(value);
  return keep(value, option, [isValid, `must be one of RetentionDays: ${days.join(', ')}`]);
}

/** AWS's own keys have policies that nobody can change, and that let no service send. */
export function checkKey(key: IKey, option: string): IKey {
  keep(key, option, [typeof key.keyId === 'string', 'must be a KMS key']);
  const isOurs = !key.keyId.startsWith('alias/aws/');
  keep(key.keyId, option, [isOurs, 'must be a customer managed key: a key of AWS lets no service in']);
  const isAliasOfNoName = (key as Partial<IAlias>).aliasName === undefined && key.keyArn.includes(':alias/');
  return keep(key, option, [!isAliasOfNoName, 'must be imported by Alias.fromAliasName, because it is an alias']);
}

/** CloudWatch Logs takes the ARN of a key alone. */
export function checkLogKey(key: IKey, option: string): IKey {
  const isAlias = (checkKey(key, option) as Partial<IAlias>).aliasName !== undefined;
  return keep(key, option, [!isAlias, 'must be the key itself: CloudWatch Logs takes no alias']);
}

/** Alarms cannot tell a FIFO topic. */
export function checkTopic(topic: ITopic, option: string): ITopic {
  keep(topic, option, [typeof topic.topicName === 'string', 'must be an SNS topic']);
  keep(topic.topicName, option, [!topic.fifo, 'must be a standard SNS topic']);
  return topic;
}

/** The ARN of a standard topic: alarms cannot tell a FIFO one. */
export function checkTopicArn(value: string, option: string): string {
  const isValid = /^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(value);
  return keep(value, option, [isValid, 'must be the ARN of a standard SNS topic']);
}

/** Without alarms, their options would have no effect. */
export const MONITORING = 'monitoring, which makes the alarms';

/** Options that would have no effect without another one. Takes them by their names. */
export function checkUnusedWithout(needed: string, options: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(options)) {
    keep(value, option, [value === undefined, `must be left out without ${needed}`]);
  }
}

/** Neither SQS nor an alarm reaches into another region. */
export function checkRegion(resource: IResource | undefined, option: string, scope: IConstruct): void {
  const { region } = Stack.of(scope);
  const isThere = !resource || !isDifferent(resource.env.region, region);
  keep(resource?.env.region, option, [isThere, `must be in the region of the invalidator, ${region}`]);
}

/** As far as it is known at synthesis. */
export function isDifferent(a: string, b: string): boolean {
  return Token.compareStrings(a, b) === TokenComparison.DIFFERENT;
}
