export { CloudFrontInvalidator } from './cloudfront-invalidator';
export { OptionError } from './options/option-error';
export type { CloudFrontInvalidatorProps, InvalidatorAlias, InvalidatorOrigin } from './props';
