import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { S3Client } from '@aws-sdk/client-s3';
import { diagnose } from '../../cli/doctor/diagnosis';
import { examine } from '../../cli/doctor/examine';
import { behaviorTable } from '../../cli/doctor/report';
import { renditionPath } from '../application/renditions';
import { APPLICATION_PAGES, BOOKINGS_PAGE } from '../application/server';
import type { LocalStack } from '../local-stack';
import { REGION } from '../template/physical-names';

/** Any credentials will do, but the CLI wants some. Version 1 of it reads AWS_DEFAULT_REGION, the SDKs read AWS_REGION. */
const AWS_ENVIRONMENT = `AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=${REGION} AWS_DEFAULT_REGION=${REGION}`;

/** Where everything is, and how long changes take. */
export function addresses({ edge, awsUrl, cloudFront, dynamoDB, maxBatchingWindow, application }: LocalStack): string {
  return `
  Edge         ${edge.url}${application ? `, the application at ${edge.url}${APPLICATION_PAGES[0]}` : ''}
  S3 and SQS   ${awsUrl}
  CloudFront   ${cloudFront.url}${dynamoDB ? `\n  DynamoDB     ${dynamoDB.url}` : ''}

Changes are gathered for ${maxBatchingWindow} s, as the template says.`;
}

/** Commands for what runs, and what the invalidator knows of the distribution: what `--verbose` adds. */
export async function details(stack: LocalStack, takesRequests: boolean): Promise<string> {
  const { edge, awsUrl, cloudFront, site, rules, queue } = stack;
  const renditions = `
The local run adds a rule to the function, for renditions such as ${edge.url}${renditionPath('cup.svg', 320)}.
They have cache tags: ${JSON.stringify(rules)}
`;
  const requests = `
The stack takes requests (-c requests=true). After the export above, the application's request when ${BOOKINGS_PAGE} changes:
  npx tsx cli/main.ts request --queue-url ${queue.url} --distribution ${site.id} --path ${BOOKINGS_PAGE}
`;
  return `
For the AWS CLI, first copy the export, then any other line:
  export ${AWS_ENVIRONMENT}
  aws --endpoint-url ${awsUrl} s3 cp FILE s3://${site.bucket}/
  aws --endpoint-url ${cloudFront.url} cloudfront list-invalidations --distribution-id ${site.id}
${rules.length > 0 ? renditions : ''}${takesRequests ? requests : ''}
What the invalidator knows of the distribution:

${(await behaviorsOf(stack)).join('\n')}

For more of it, after the export above:
  npm run doctor -- --bucket ${site.bucket} --distribution ${site.id} --endpoint-url ${cloudFront.url} --s3-endpoint-url ${awsUrl}`;
}

/** By the doctor that a user runs. */
async function behaviorsOf({ site, awsUrl, cloudFront }: LocalStack): Promise<string[]> {
  const question = { bucket: site.bucket, distribution: site.id };
  const client = { region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const clients = {
    cloudFront: new CloudFrontClient({ ...client, endpoint: cloudFront.url }),
    s3: new S3Client({ ...client, endpoint: awsUrl, forcePathStyle: true }),
  };
  try {
    return behaviorTable(diagnose(question, await examine(question, clients)).behaviors);
  } finally {
    clients.cloudFront.destroy();
    clients.s3.destroy();
  }
}
