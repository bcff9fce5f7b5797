import { distributionIdFault } from '../lambda/contract/option-rules';
import { tenantFault } from '../lambda/contract/target';
import { checked, needed, readBoolean, readIndexDocument, readOriginPath, readUrl } from './option-values';

/** A bucket behind a distribution, and what the construct's options would say of it. */
export interface Question {
  readonly bucket: string;
  readonly distribution: string;
  /** Id of a tenant of the distribution. @default - the distribution serves viewers itself */
  readonly tenant?: string | undefined;
  /** @default - each that the distribution has for the bucket */
  readonly originPath?: string | undefined;
  /** What viewers have in front of the keys. @default - as the distribution says */
  readonly viewerPrefix?: string | undefined;
  /** Empty: folders have none. @default - as the distribution says */
  readonly indexDocument?: string | undefined;
  /** @default - as the distribution says */
  readonly queryStrings?: boolean | undefined;
  /** Where CloudFront's API is. @default - as the SDK finds it */
  readonly cloudFrontUrl?: string | undefined;
  /** Where S3 is. @default - as the SDK finds it */
  readonly s3Url?: string | undefined;
}

/** Whose invalidations it is about, as people name it. */
export function nameOf({ distribution, tenant }: Pick<Question, 'distribution' | 'tenant'>): string {
  return tenant === undefined ? `distribution ${distribution}` : `tenant ${tenant} of distribution ${distribution}`;
}

/** The options that ask it. */
export const QUESTION_OPTIONS = {
  bucket: { type: 'string' },
  distribution: { type: 'string' },
  tenant: { type: 'string' },
  'origin-path': { type: 'string' },
  'viewer-prefix': { type: 'string' },
  'index-document': { type: 'string' },
  'query-strings': { type: 'string' },
  'endpoint-url': { type: 'string' },
  's3-endpoint-url': { type: 'string' },
} as const;

/** The options of the construct, for `--help`. */
export const STATED_USAGE = `  --tenant ID              the option tenant, if you set it
  --origin-path PATH       the option originPath, if you set it
  --viewer-prefix PATH     the option viewerPrefix, if you set it
  --index-document NAME    the option indexDocument, if you set it (none: folder URLs have no document)
  --query-strings BOOLEAN  the option queryStrings, if you set it (true, false)
  --endpoint-url URL       the endpoint of CloudFront and S3, for services that imitate AWS
  --s3-endpoint-url URL    the endpoint of S3, if it is another one`;

/** @throws an Error that says in a sentence which option is wrong, and why */
export function readQuestion(values: { readonly [Name in keyof typeof QUESTION_OPTIONS]?: string }): Question {
  const given = <T>(option: keyof typeof values, read: (value: string, option: string) => T) => {
    const value = values[option];
    return value === undefined ? undefined : read(value, `--${option}`);
  };
  const cloudFrontUrl = given('endpoint-url', readUrl);
  return {
    bucket: needed(values.bucket, '--bucket NAME'),
    distribution: checked(needed(values.distribution, '--distribution ID'), '--distribution', distributionIdFault),
    tenant: given('tenant', (id, option) => checked(id, option, tenantFault)),
    originPath: given('origin-path', readOriginPath),
    viewerPrefix: given('viewer-prefix', readOriginPath),
    indexDocument: given('index-document', readIndexDocument),
    queryStrings: given('query-strings', readBoolean),
    cloudFrontUrl,
    s3Url: given('s3-endpoint-url', readUrl) ?? cloudFrontUrl,
  };
}
