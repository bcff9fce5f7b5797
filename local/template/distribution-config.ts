import type { CachePolicyConfig, DistributionConfig } from '@aws-sdk/client-cloudfront';

/** What a template says of something of CloudFront's, every intrinsic function in it resolved. */
export type Properties = Readonly<Record<string, unknown>>;

/**
 * What GetDistributionConfig answers for a distribution of a template. CloudFormation has plain lists where the API counts
 * them, and a few other names; what neither CloudFront nor this says otherwise is passed on as it is. The members that the API always
 * answers with are there, too.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-distributionconfig.html
 */
export function toDistributionConfig(id: string, config: Properties): DistributionConfig {
  const { Aliases, CNAMEs, Origins, CacheBehaviors, CustomErrorResponses, DefaultCacheBehavior, ...others } = config;
  const { IPV6Enabled, Logging, Restrictions, ViewerCertificate, OriginGroups, ...same } = others;
  const { GeoRestriction } = properties(Restrictions);
  const { Locations, RestrictionType = 'none' } = properties(GeoRestriction);
  return {
    CallerReference: id,
    Aliases: counted(Aliases ?? CNAMEs),
    DefaultRootObject: '',
    Origins: counted(items(Origins).map(toOrigin)),
    OriginGroups: OriginGroups ?? counted([]),
    DefaultCacheBehavior: toBehavior(properties(DefaultCacheBehavior)),
    CacheBehaviors: counted(items(CacheBehaviors).map(toBehavior)),
    CustomErrorResponses: counted(items(CustomErrorResponses).map(toErrorResponse)),
    Comment: '',
    Logging: { Enabled: Logging !== undefined, IncludeCookies: false, Bucket: '', Prefix: '', ...properties(Logging) },
    PriceClass: 'PriceClass_All',
    Enabled: true,
    ViewerCertificate: toCertificate(properties(ViewerCertificate)),
    Restrictions: { GeoRestriction: { RestrictionType, ...counted(Locations) } },
    WebACLId: '',
    HttpVersion: 'http1.1',
    IsIPV6Enabled: IPV6Enabled ?? false,
    ContinuousDeploymentPolicyId: '',
    Staging: false,
    ...same,
  } as unknown as DistributionConfig;
}

/** What GetCachePolicyConfig answers for a cache policy of a template. */
export function toCachePolicyConfig(config: Properties): CachePolicyConfig {
  const { ParametersInCacheKeyAndForwardedToOrigin: parameters, ...same } = config;
  if (parameters === undefined) return same as unknown as CachePolicyConfig;
  const { CookiesConfig, HeadersConfig, QueryStringsConfig, ...encodings } = properties(parameters);
  return {
    ...same,
    ParametersInCacheKeyAndForwardedToOrigin: {
      ...encodings,
      HeadersConfig: countedWithin(HeadersConfig, 'Headers'),
      CookiesConfig: countedWithin(CookiesConfig, 'Cookies'),
      QueryStringsConfig: countedWithin(QueryStringsConfig, 'QueryStrings'),
    },
  } as unknown as CachePolicyConfig;
}

function toOrigin(origin: Properties): Properties {
  const { OriginCustomHeaders, CustomOriginConfig, ...same } = origin;
  return {
    OriginPath: '',
    CustomHeaders: counted(OriginCustomHeaders),
    ...(CustomOriginConfig !== undefined && { CustomOriginConfig: toCustomOrigin(properties(CustomOriginConfig)) }),
    ConnectionAttempts: 3,
    ConnectionTimeout: 10,
    OriginShield: { Enabled: false },
    OriginAccessControlId: '',
    ...same,
  };
}

function toCustomOrigin({ OriginSSLProtocols = ['TLSv1', 'SSLv3'], ...same }: Properties): Properties {
  return {
    HTTPPort: 80,
    HTTPSPort: 443,
    OriginSslProtocols: counted(OriginSSLProtocols),
    OriginReadTimeout: 30,
    OriginKeepaliveTimeout: 5,
    ...same,
  };
}

function toBehavior(behavior: Properties): Properties {
  const { AllowedMethods = ['HEAD', 'GET'], CachedMethods = ['HEAD', 'GET'], ForwardedValues, ...others } = behavior;
  const { TrustedSigners, TrustedKeyGroups, FunctionAssociations, LambdaFunctionAssociations, ...same } = others;
  return {
    TrustedSigners: enabled(TrustedSigners),
    TrustedKeyGroups: enabled(TrustedKeyGroups),
    AllowedMethods: { ...counted(AllowedMethods), CachedMethods: counted(CachedMethods) },
    SmoothStreaming: false,
    Compress: false,
    LambdaFunctionAssociations: counted(LambdaFunctionAssociations),
    FunctionAssociations: counted(FunctionAssociations),
    FieldLevelEncryptionId: '',
    ...(ForwardedValues !== undefined && { ForwardedValues: toForwardedValues(properties(ForwardedValues)) }),
    ...same,
  };
}

function toForwardedValues({ Cookies, Headers, QueryStringCacheKeys, ...same }: Properties): Properties {
  const cookies = Cookies === undefined ? { Forward: 'none' } : countedWithin(Cookies, 'WhitelistedNames');
  return {
    ...same,
    Cookies: cookies,
    Headers: counted(Headers),
    QueryStringCacheKeys: counted(QueryStringCacheKeys),
  };
}

/** The API has an empty text where no page is given, and holds errors for 10 s unless told otherwise. */
function toErrorResponse({ ResponseCode, ...same }: Properties): Properties {
  const code = ResponseCode === undefined ? '' : String(ResponseCode);
  return { ResponsePagePath: '', ResponseCode: code, ErrorCachingMinTTL: 10, ...same };
}

function toCertificate({ AcmCertificateArn, IamCertificateId, SslSupportMethod, ...same }: Properties): Properties {
  return {
    CloudFrontDefaultCertificate: AcmCertificateArn === undefined && IamCertificateId === undefined,
    ...(AcmCertificateArn !== undefined && { ACMCertificateArn: AcmCertificateArn }),
    ...(IamCertificateId !== undefined && { IAMCertificateId: IamCertificateId }),
    ...(SslSupportMethod !== undefined && { SSLSupportMethod: SslSupportMethod }),
    MinimumProtocolVersion: 'TLSv1',
    ...same,
  };
}

function enabled(list: unknown): Properties {
  return { Enabled: items(list).length > 0, ...counted(list) };
}

function countedWithin(config: unknown, list: string): Properties {
  const { [list]: all, ...same } = properties(config);
  return all === undefined ? same : { ...same, [list]: counted(all) };
}

function counted(list: unknown): { readonly Quantity: number; readonly Items?: unknown[] } {
  const all = items(list);
  return { Quantity: all.length, ...(all.length > 0 && { Items: all }) };
}

function items<T = Properties>(list: unknown): T[] {
  return Array.isArray(list) ? list : [];
}

function properties(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? (value as Properties) : {};
}
