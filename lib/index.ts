export { CloudFrontInvalidator } from './cloudfront-invalidator';
export type { CloudFrontInvalidatorProps, InvalidatorAlias, InvalidatorOrigin } from './props';
export { OptionError } from './rules';
