export { CloudFrontInvalidator } from './cloudfront-invalidator';
export { OptionError } from './option-error';
export type { CloudFrontInvalidatorProps, InvalidatorAlias, InvalidatorOrigin } from './props';
