export {
  CloudFrontInvalidator,
  type CloudFrontInvalidatorProps,
  type InvalidatorOrigin,
} from './cloudfront-invalidator';
export { OptionError } from './rules';
