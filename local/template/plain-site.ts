import { CACHING_BY_QUERY_STRING, CACHING_OPTIMIZED, type Configuration } from '../cloudfront/configuration';
import { toDistributionConfig } from './distribution-config';
import { REGION } from './physical-names';

/** A distribution that serves one bucket, and nothing else. */
export interface PlainSite {
  readonly bucket: string;
  /** In front of every request path, such as `/site`. @default - none */
  readonly originPath?: string;
  /** The object that `/` is answered with, such as `index.html`. @default - none */
  readonly defaultRootObject?: string;
  /** Whether the cache key has the query string. @default false */
  readonly queryStrings?: boolean;
}

/** The configuration of a plain site, as CDK's `Distribution` has it by default. */
export function plainSite(id: string, site: PlainSite): Configuration {
  const { bucket, originPath = '', defaultRootObject = '', queryStrings = false } = site;
  return toDistributionConfig(id, {
    DefaultRootObject: defaultRootObject,
    Origins: [
      {
        Id: 'bucket',
        DomainName: `${bucket}.s3.${REGION}.amazonaws.com`,
        OriginPath: originPath,
        S3OriginConfig: { OriginAccessIdentity: '' },
      },
    ],
    DefaultCacheBehavior: {
      TargetOriginId: 'bucket',
      ViewerProtocolPolicy: 'redirect-to-https',
      CachePolicyId: queryStrings ? CACHING_BY_QUERY_STRING : CACHING_OPTIMIZED,
    },
  });
}
