import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { S3Client } from '@aws-sdk/client-s3';
import { readArguments, USAGE } from './arguments';
import { diagnose } from './diagnosis';
import { examine } from './examine';
import { reportOf } from './report';

/** `npm run doctor`. Exit code 0: nothing would go stale; 1: something would; 2: the command line makes no sense. */
async function main(): Promise<number> {
  const command = readArguments(process.argv.slice(2));
  if (command.kind === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (command.kind === 'invalid') {
    console.error(`${command.reason} npm run doctor -- --help tells what there is.`);
    return 2;
  }
  const { cloudFrontUrl, s3Url } = command;
  // CloudFront's API and S3's list of a bucket answer from wherever they are called.
  const region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const cloudFront = new CloudFrontClient({ region, ...(cloudFrontUrl && { endpoint: cloudFrontUrl }) });
  const s3 = new S3Client({
    region,
    followRegionRedirects: true,
    ...(s3Url && { endpoint: s3Url, forcePathStyle: true }),
  });
  const diagnosis = diagnose(command, await examine(command, { cloudFront, s3 }));
  process.stdout.write(reportOf(command, diagnosis));
  return diagnosis.stale.length > 0 ? 1 : 0;
}

main().then((code) => {
  process.exitCode = code;
});
