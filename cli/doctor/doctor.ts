import { makeClients } from '../clients';
import { noPositionals } from '../option-values';
import { readOptions } from '../options';
import { QUESTION_OPTIONS, type Question, readQuestion, STATED_USAGE } from '../question';
import { diagnose } from './diagnosis';
import { examine } from './examine';
import { reportOf } from './report';

export const usage = `usage: cloudfront-invalidator doctor --bucket NAME --distribution ID [options]

Prints what the invalidator knows of a distribution, and what would go stale.

${STATED_USAGE}
  --help                   print this text

Examples:
  cloudfront-invalidator doctor --bucket site-bucket --distribution E123EXAMPLE
  cloudfront-invalidator doctor --bucket site-bucket --distribution E123EXAMPLE --origin-path /live

It uses your credentials and changes nothing. It needs cloudfront:GetDistributionConfig, cloudfront:GetCachePolicyConfig,
s3:ListBucket and s3:GetBucketNotification.

Exit codes: 0, nothing would go stale; 1, something would; 2, the command line is wrong, or the distribution cannot be read.
`;

/** @throws an Error that says in a sentence what is wrong with the command line */
export function readArguments(args: readonly string[]): Question {
  const { values, positionals } = readOptions(args, QUESTION_OPTIONS);
  noPositionals(positionals);
  return readQuestion(values);
}

export async function run(args: readonly string[]): Promise<number> {
  const question = readArguments(args);
  const diagnosis = diagnose(question, await examine(question, makeClients(question)));
  process.stdout.write(reportOf(question, diagnosis));
  return diagnosis.stale.length > 0 ? 1 : 0;
}
