export {
  CloudFrontInvalidator,
  type CloudFrontInvalidatorProps,
  type InvalidatorAlias,
  type InvalidatorOrigin,
} from './cloudfront-invalidator';
export { OptionError } from './rules';
