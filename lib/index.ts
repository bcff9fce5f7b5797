export { CloudFrontInvalidator } from './cloudfront-invalidator';
export { OptionError } from './options/option-error';
export type * from './props';
