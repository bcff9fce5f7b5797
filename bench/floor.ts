import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { S3Client } from '@aws-sdk/client-s3';

/** What the function cannot do without. */
export const clients = [CloudFrontClient, S3Client];
