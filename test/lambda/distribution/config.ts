import type { CacheBehavior, DistributionConfig } from '@aws-sdk/client-cloudfront';

export const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
export const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
export const BY_QUERY_STRING = '4cc15a8a-d715-48a4-82b8-cc0b614638fe';

/** A behavior in short: its origin's or group's id, and what is unusual of it. */
export interface ShortBehavior {
  readonly origin: string;
  readonly policy?: string;
  /** Event type of a function. */
  readonly runs?: 'viewer-request' | 'viewer-response' | 'origin-request';
  /** Whether it is a function of Lambda@Edge. */
  readonly atEdge?: boolean;
  /** Instead of a cache policy. */
  readonly legacy?: Pick<CacheBehavior, 'ForwardedValues' | 'MaxTTL'>;
}

export interface ShortConfig extends Omit<Partial<DistributionConfig>, 'Origins' | 'OriginGroups' | 'CacheBehaviors'> {
  /** By id: domain, and origin path behind a slash. */
  readonly origins: Readonly<Record<string, string>>;
  /** By id: ids of origins. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** By pattern, in order. */
  readonly behaviors?: Readonly<Record<string, ShortBehavior>>;
  readonly otherwise: ShortBehavior;
}

/** The configuration of a distribution as GetDistributionConfig answers it. */
export function distributionConfig({ origins, groups = {}, behaviors = {}, otherwise, ...rest }: ShortConfig) {
  const ordered = Object.entries(behaviors).map(([PathPattern, each]) => ({ PathPattern, ...behaviorOf(each) }));
  const servers = Object.entries(origins).map(([Id, server]) => {
    const [DomainName = '', ...path] = server.split('/');
    return { Id, DomainName, OriginPath: path.map((each) => `/${each}`).join('') };
  });
  const failovers = Object.entries(groups).map(([Id, ids]) => ({
    Id,
    FailoverCriteria: { StatusCodes: list([500, 502]) },
    Members: list(ids.map((OriginId) => ({ OriginId }))),
  }));
  return {
    CallerReference: 'test',
    Comment: '',
    Enabled: true,
    Origins: list(servers),
    OriginGroups: list(failovers),
    DefaultCacheBehavior: behaviorOf(otherwise),
    CacheBehaviors: list(ordered),
    ...rest,
  } satisfies DistributionConfig;
}

function behaviorOf({ origin, policy = CACHING_OPTIMIZED, runs, atEdge = false, legacy }: ShortBehavior) {
  const functions = runs
    ? [{ EventType: runs, ...(atEdge ? { LambdaFunctionARN: 'arn:f:1' } : { FunctionARN: 'arn:f' }) }]
    : [];
  return {
    TargetOriginId: origin,
    ViewerProtocolPolicy: 'redirect-to-https' as const,
    ...(legacy ?? { CachePolicyId: policy }),
    ...(atEdge
      ? { LambdaFunctionAssociations: list(functions as { EventType: 'viewer-request'; LambdaFunctionARN: string }[]) }
      : { FunctionAssociations: list(functions as { EventType: 'viewer-request'; FunctionARN: string }[]) }),
  };
}

export function list<T>(Items: T[]) {
  return { Quantity: Items.length, Items };
}

export const BUCKET_DOMAIN = 'site.s3.eu-central-1.amazonaws.com';
export const APP_DOMAIN = 'app.example.com';
