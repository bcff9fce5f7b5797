import type { CachePolicies, Configuration } from '../cloudfront/configuration';
import { type Properties, toCachePolicyConfig, toDistributionConfig } from './distribution-config';

/** What of CloudFront a stack has. */
export interface CloudFrontModel {
  readonly distributions: readonly DistributionModel[];
  /** By id. */
  readonly cachePolicies: CachePolicies;
  /** The code of the CloudFront Functions, by ARN. */
  readonly edgeFunctions: Readonly<Record<string, string>>;
  /** The headers that the response headers policies remove, by id. */
  readonly removedHeaders: Readonly<Record<string, readonly string[]>>;
}

export interface DistributionModel {
  readonly id: string;
  /** In the API's form. */
  readonly configuration: Configuration;
}

/** A resource of the template: its names, and its properties resolved. */
interface ResolvedResource {
  attribute(name?: string): string;
  get<T>(...path: (string | number)[]): T | undefined;
}

interface Header {
  readonly Header: string;
}

/** @param ofType the template's resources of a type */
export function readCloudFront(ofType: (type: string) => readonly ResolvedResource[]): CloudFrontModel {
  return {
    distributions: ofType('AWS::CloudFront::Distribution').map(({ attribute, get }) => {
      const id = attribute();
      return { id, configuration: toDistributionConfig(id, get<Properties>('DistributionConfig') ?? {}) };
    }),
    cachePolicies: Object.fromEntries(
      ofType('AWS::CloudFront::CachePolicy').map(({ attribute, get }) => [
        attribute(),
        toCachePolicyConfig(get<Properties>('CachePolicyConfig') ?? {}),
      ]),
    ),
    edgeFunctions: Object.fromEntries(
      ofType('AWS::CloudFront::Function').map(({ attribute, get }) => [
        attribute('FunctionARN'),
        get<string>('FunctionCode') ?? '',
      ]),
    ),
    removedHeaders: Object.fromEntries(
      ofType('AWS::CloudFront::ResponseHeadersPolicy').map(({ attribute, get }) => [
        attribute(),
        (get<Header[]>('ResponseHeadersPolicyConfig', 'RemoveHeadersConfig', 'Items') ?? []).map(
          ({ Header }) => Header,
        ),
      ]),
    ),
  };
}
