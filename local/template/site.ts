import { INDEX_DOCUMENT, ORIGINS, type Origin } from '../../lambda/contract/environment';
import type { DistributionModel, EventSourceModel, FunctionModel, QueueModel, StackModel } from './stack-model';

/**
 * The distribution that the local run puts an edge before: the template's own or, where the stack is attached to one
 * that exists, what the function is told of it.
 */
export function siteOf(model: StackModel): DistributionModel {
  const [own] = model.distributions;
  if (own) return own;
  for (const { environment } of model.functions) {
    const [origin]: Origin[] = JSON.parse(environment[ORIGINS] ?? '[]');
    if (!origin) continue;
    const { bucket, distribution, path = '', queryStrings = false } = origin;
    return {
      id: distribution,
      bucket,
      originPath: path,
      defaultRootObject: environment[INDEX_DOCUMENT] ?? '',
      queryStrings,
    };
  }
  throw new Error('The template has no distribution, and its function knows of none.');
}

/** The function that an event source invokes. */
export function functionOf(model: StackModel, { functionName }: EventSourceModel): FunctionModel {
  return only(model.functions, ({ name }) => name === functionName, `function ${functionName}`);
}

/** The queue of an ARN. */
export function queueOf(model: StackModel, queueArn: string): QueueModel {
  return only(model.queues, ({ arn }) => arn === queueArn, `queue ${queueArn}`);
}

/** Where a queue's redrive policy sends what can not be processed. */
export function deadLetterQueueOf(model: StackModel, { attributes }: QueueModel): QueueModel {
  return queueOf(model, JSON.parse(attributes.RedrivePolicy ?? '{}').deadLetterTargetArn);
}

function only<T>(all: readonly T[], matches: (each: T) => boolean, what: string): T {
  const found = all.find(matches);
  if (!found) throw new Error(`The template has no ${what}.`);
  return found;
}
