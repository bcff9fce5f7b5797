export {
  CloudFrontInvalidator,
  type CloudFrontInvalidatorProps,
  type InvalidatorOrigin,
} from './cloudfront-invalidator';
