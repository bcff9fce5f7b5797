import { tenantFault } from '../../lambda/contract/target';
import { readOptions } from '../../local/cli/options';

/** What the command line says. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | ({ readonly kind: 'examine' } & Question);

/** What the doctor is asked: a bucket behind a distribution, and what the options would say of it. */
export interface Question {
  readonly bucket: string;
  readonly distribution: string;
  /** Id of a tenant of the distribution. @default - the distribution serves viewers itself */
  readonly tenant?: string | undefined;
  readonly originPath?: string | undefined;
  /** Empty: folders have none. */
  readonly indexDocument?: string | undefined;
  readonly queryStrings?: boolean | undefined;
  /** Where CloudFront's API is. @default - as the SDK finds it */
  readonly cloudFrontUrl?: string | undefined;
  /** Where S3 is. @default - as the SDK finds it */
  readonly s3Url?: string | undefined;
}

export const USAGE = `Tells what the invalidator makes of a distribution, and what would go stale.

  npm run doctor -- --bucket NAME --distribution ID

  --tenant ID              the option tenant, if you state it
  --origin-path PATH       the option originPath, if you state it
  --index-document NAME    the option indexDocument, if you state it (none: folders have none)
  --query-strings BOOLEAN  the option queryStrings, if you state it (true, false)
  --endpoint-url URL       where CloudFront and S3 are, for what imitates AWS
  --s3-endpoint-url URL    where S3 is, if elsewhere
  --help                   this text

It reads, with your credentials, and changes nothing: cloudfront:GetDistributionConfig, cloudfront:GetCachePolicyConfig,
s3:ListBucket, s3:GetBucketNotification. It ends with 1 when something would go stale, and with 2 when it does not understand.
`;

/** Reads the command line; whatever is wrong with it is a value. */
export function readArguments(args: readonly string[]): Command {
  try {
    const { values, positionals } = readOptions(args, {
      bucket: { type: 'string' },
      distribution: { type: 'string' },
      tenant: { type: 'string' },
      'origin-path': { type: 'string' },
      'index-document': { type: 'string' },
      'query-strings': { type: 'string' },
      'endpoint-url': { type: 'string' },
      's3-endpoint-url': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) return { kind: 'help' };
    if (positionals.length > 0) throw new Error(`There is "${positionals[0]}", which belongs to no option.`);
    const indexDocument = values['index-document'];
    return {
      kind: 'examine',
      bucket: needed(values.bucket, '--bucket NAME'),
      distribution: needed(values.distribution, '--distribution ID'),
      tenant: readTenant(values.tenant),
      originPath: readOriginPath(values['origin-path']),
      indexDocument: indexDocument === 'none' ? '' : indexDocument,
      queryStrings: readBoolean(values['query-strings']),
      cloudFrontUrl: readUrl(values['endpoint-url'], '--endpoint-url'),
      s3Url: readUrl(values['s3-endpoint-url'] ?? values['endpoint-url'], '--s3-endpoint-url'),
    };
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : String(error) };
  }
}

function needed(value: string | undefined, option: string): string {
  if (value) return value;
  throw new Error(`${option} is missing.`);
}

function readTenant(value: string | undefined): string | undefined {
  const fault = value === undefined ? undefined : tenantFault(value);
  if (fault === undefined) return value;
  throw new Error(`--tenant ${fault}, but it is "${value}".`);
}

function readOriginPath(value: string | undefined): string | undefined {
  if (value === undefined || /^(\/[^/]+)*$/.test(value)) return value;
  throw new Error(`--origin-path must begin with a slash and not end with one, but it is "${value}".`);
}

function readBoolean(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error(`--query-strings must be true or false, but it is "${value}".`);
}

function readUrl(value: string | undefined, option: string): string | undefined {
  if (value === undefined || /^https?:\/\/./.test(value)) return value;
  throw new Error(`${option} must begin with http:// or https://, but it is "${value}".`);
}
