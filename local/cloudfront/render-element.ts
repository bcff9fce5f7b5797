import { escapeXml, tag } from './xml-text';

/**
 * What the elements of a list are called, by the element that holds the list; others are called `member`.
 *
 * Source: the service model 2020-05-31.
 */
const ITEM_NAMES: Readonly<Record<string, string>> = {
  Aliases: 'CNAME',
  AllowedMethods: 'Method',
  CacheBehaviors: 'CacheBehavior',
  CachedMethods: 'Method',
  Cookies: 'Name',
  CustomErrorResponses: 'CustomErrorResponse',
  CustomHeaders: 'OriginCustomHeader',
  FunctionAssociations: 'FunctionAssociation',
  GeoRestriction: 'Location',
  Headers: 'Name',
  LambdaFunctionAssociations: 'LambdaFunctionAssociation',
  Members: 'OriginGroupMember',
  OriginGroups: 'OriginGroup',
  OriginSslProtocols: 'SslProtocol',
  Origins: 'Origin',
  QueryStringCacheKeys: 'Name',
  QueryStrings: 'Name',
  StatusCodes: 'StatusCode',
  TrustedKeyGroups: 'KeyGroup',
  TrustedSigners: 'AwsAccountNumber',
  WhitelistedNames: 'Name',
};

/**
 * What CloudFront's XML has within the element of a value: each member is an element of its name, and what is undefined is left
 * out.
 */
export function renderContent(name: string, value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return renderItems(value, 'member');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value ?? ''));
  return Object.entries(value)
    .map(([member, each]) => {
      if (member !== 'Items' || !Array.isArray(each)) return renderElement(member, each);
      return each.length === 0 ? '' : tag('Items', renderItems(each, ITEM_NAMES[name] ?? 'member'));
    })
    .join('');
}

function renderElement(name: string, value: unknown): string {
  return value === undefined ? '' : tag(name, renderContent(name, value));
}

function renderItems(items: readonly unknown[], itemName: string): string {
  return items.map((item) => renderElement(itemName, item)).join('');
}
