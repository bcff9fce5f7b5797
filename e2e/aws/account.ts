import './silent';
import { S3Client } from '@aws-sdk/client-s3';
import STS from 'aws-sdk/clients/sts';

/** Whose, and where. */
export interface Account {
  readonly id: string;
  readonly region: string;
  readonly credentials: Awaited<ReturnType<S3Client['config']['credentials']>>;
}

/**
 * The account that the SDK finds, as the AWS CLI would.
 *
 * @throws an Error that says in a sentence why there is none
 */
export async function findAccount(): Promise<Account> {
  const { config } = new S3Client({});
  const credentials = await config.credentials().catch(() => {
    const { AWS_PROFILE: profile } = process.env;
    if (profile) throw new Error(`There are no credentials of the AWS profile ${profile}, which AWS_PROFILE names.`);
    throw new Error('There are no AWS credentials. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  });
  const region = await config.region().catch(() => {
    throw new Error('There is no AWS region. Set AWS_REGION.');
  });
  const identity = await new STS({ region, credentials, maxRetries: 2 })
    .getCallerIdentity()
    .promise()
    .catch((error) => {
      if (error.statusCode === undefined) throw new Error(`AWS STS cannot be reached (${error.code}).`);
      throw new Error(`AWS does not accept these credentials: ${error.message}`);
    });
  return { id: identity.Account ?? '', region, credentials };
}
