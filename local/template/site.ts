import {
  INDEX_DOCUMENT,
  ORIGINS,
  type Origin,
  READ_DISTRIBUTION,
  USUAL_INDEX_DOCUMENT,
} from '../../lambda/contract/environment';
import type { Configuration } from '../cloudfront/configuration';
import { type Behavior, behaviorsIn, targetOf, viewerRequestFunction } from '../edge/behaviors';
import { bucketAt } from '../edge/bucket-domain';
import type { DistributionModel } from './cloudfront-model';
import { plainSite } from './plain-site';
import type { EventSourceModel, FunctionModel, QueueModel, StackModel } from './stack-model';

/** The site that the local run uploads to: its bucket, and how the distribution serves that. */
export interface SiteModel {
  /** Of the distribution. */
  readonly id: string;
  readonly bucket: string;
  readonly originPath: string;
  readonly defaultRootObject: string;
  /** Whether `/docs/` and `/docs` are answered with an index document: by a website endpoint, or a function. */
  readonly answersFolders: boolean;
}

/**
 * The distributions of a stack: the template's own and, where the function is told of others that exist, a plain site for each of
 * those, by what it is told.
 */
export function distributionsOf({ distributions, functions }: StackModel): DistributionModel[] {
  const all = new Map(distributions.map((each) => [each.id, each]));
  for (const { environment } of functions) {
    for (const { bucket, distribution: id, path, queryStrings } of originsIn(environment)) {
      if (all.has(id)) continue;
      const defaultRootObject = environment[INDEX_DOCUMENT] ?? USUAL_INDEX_DOCUMENT;
      all.set(id, { id, configuration: plainSite(id, { bucket, originPath: path, defaultRootObject, queryStrings }) });
    }
  }
  return [...all.values()];
}

/**
 * The site of a stack's first distribution: the bucket of its default behavior or, where that has none, of the first behavior
 * that has.
 */
export function siteOf(model: StackModel): SiteModel {
  const [distribution] = distributionsOf(model);
  if (!distribution) throw new Error('The template has no distribution, and its function knows of none.');
  const { id, configuration } = distribution;
  const { DefaultCacheBehavior, DefaultRootObject = '' } = configuration;
  for (const behavior of [DefaultCacheBehavior ?? [], behaviorsIn(configuration)].flat()) {
    for (const { DomainName = '', OriginPath = '' } of targetOf(configuration, behavior).origins) {
      const { bucket } = bucketAt(DomainName) ?? {};
      if (bucket === undefined || !model.buckets.includes(bucket)) continue;
      return {
        id,
        bucket,
        originPath: OriginPath,
        defaultRootObject: DefaultRootObject,
        answersFolders: answersFolders(configuration, behavior),
      };
    }
  }
  throw new Error(`No bucket of the template is behind the distribution ${id}.`);
}

/** What the function takes for a folder's index document; empty: folders have none. */
export function indexDocumentOf(environment: FunctionModel['environment'], configuration: Configuration): string {
  const given = environment[INDEX_DOCUMENT];
  if (given !== undefined || environment[READ_DISTRIBUTION] !== 'on') return given ?? USUAL_INDEX_DOCUMENT;
  const some = behaviorsIn(configuration).some((behavior) => answersFolders(configuration, behavior));
  return some ? USUAL_INDEX_DOCUMENT : '';
}

function answersFolders(configuration: Configuration, behavior: Behavior): boolean {
  const { origins } = targetOf(configuration, behavior);
  const isWebsite = origins.some(({ DomainName = '' }) => bucketAt(DomainName)?.isWebsite);
  return isWebsite || viewerRequestFunction(behavior) !== undefined;
}

function originsIn(environment: FunctionModel['environment']): Origin[] {
  return JSON.parse(environment[ORIGINS] ?? '[]');
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
