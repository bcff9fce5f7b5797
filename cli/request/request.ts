import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { distributionIdFault } from '../../lambda/contract/option-rules';
import { tenantFault } from '../../lambda/contract/target';
import { REQUEST_HANDLER } from '../clients';
import { count } from '../count';
import { because } from '../failure';
import { checked, needed, noPositionals, readUrl } from '../option-values';
import { readOptions } from '../options';
import { type InvalidationRequest, invalidationRequest, pathFault, tagFault } from './invalidation-request';

export const usage = `usage: cloudfront-invalidator request --queue-url URL --distribution ID [--path PATH]… [--tag TAG]…

Sends a message to the queue of a deployed invalidator, which then invalidates paths or cache tags.
The invalidator needs the option requests. Without it, the message ends in the dead-letter queue.

  --queue-url URL      the URL of the invalidator's queue
  --distribution ID    a distribution that the invalidator serves
  --tenant ID          one of its tenants that the invalidator serves (default: the distribution itself)
  --path PATH          as viewers request it, with a slash in front; a * at the end is a wildcard; can be repeated
  --tag TAG            a cache tag, without a #; can be repeated
  --help               print this text

Examples:
  cloudfront-invalidator request --queue-url https://sqs.eu-central-1.amazonaws.com/123456789012/invalidator --distribution E123EXAMPLE --path '/docs/*'
  cloudfront-invalidator request --queue-url https://sqs.eu-central-1.amazonaws.com/123456789012/invalidator --distribution E123EXAMPLE --path /feed.xml --tag product:7

It uses your credentials, and needs sqs:SendMessage on the queue.

Exit codes: 0, the message is in the queue; 2, the command line is wrong, or the message cannot be sent.
`;

/** What is sent where. */
export interface Sending {
  readonly queueUrl: string;
  readonly request: InvalidationRequest;
}

/** SQS took no longer message for most of its life, in bytes. */
const LONGEST_MESSAGE = 262_144;

/** @throws an Error that says in a sentence what is wrong with the command line */
export function readArguments(args: readonly string[]): Sending {
  const { values, positionals } = readOptions(args, {
    'queue-url': { type: 'string' },
    distribution: { type: 'string' },
    tenant: { type: 'string' },
    path: { type: 'string', multiple: true, default: [] },
    tag: { type: 'string', multiple: true, default: [] },
  });
  noPositionals(positionals);
  const queueUrl = readUrl(needed(values['queue-url'], '--queue-url URL'), '--queue-url');
  const distribution = checked(needed(values.distribution, '--distribution ID'), '--distribution', distributionIdFault);
  const tenant = values.tenant === undefined ? undefined : checked(values.tenant, '--tenant', tenantFault);
  const paths = values.path.map((path) => checked(path, '--path', pathFault));
  const tags = values.tag.map((tag) => checked(tag, '--tag', tagFault));
  if (paths.length + tags.length === 0) throw new Error('There must be a --path or a --tag, but there is none.');
  const request = invalidationRequest(distribution, paths, tags, tenant);
  const length = Buffer.byteLength(JSON.stringify(request));
  if (length > LONGEST_MESSAGE) {
    throw new Error(`A request must fit into ${LONGEST_MESSAGE} bytes, but it has ${length}: send several.`);
  }
  return { queueUrl, request };
}

export async function run(args: readonly string[]): Promise<number> {
  const { queueUrl, request } = readArguments(args);
  const sqs = new SQSClient({
    region: regionOf(queueUrl),
    endpoint: new URL(queueUrl).origin,
    requestHandler: REQUEST_HANDLER,
    maxAttempts: 2,
  });
  const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(request) });
  const { MessageId } = await sqs.send(message).catch(because(`${queueUrl} does not take the message`));
  const { distribution, paths = [], tags = [] } = request.invalidate;
  const what = [...counted(paths, 'path'), ...counted(tags, 'tag')].join(' and ');
  process.stdout.write(`Message ${MessageId} asks for ${what} of distribution ${distribution}.\n`);
  return 0;
}

/** A queue answers in its own region only, which its URL names. */
export function regionOf(queueUrl: string): string {
  const { hostname } = new URL(queueUrl);
  const [, named] = /(?:^|\.)sqs\.([a-z]+(?:-[a-z]+)+-\d+)\./.exec(hostname) ?? [];
  return named ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
}

function counted(all: readonly string[], noun: string): string[] {
  return all.length === 0 ? [] : [count(all.length, noun)];
}
