import { createHash } from 'node:crypto';
import { ACCOUNT } from '../template/physical-names';
import { type ApiError, apiError } from './api-error';
import { type CachePolicies, type Configurations, cachePolicyOf } from './configuration';
import type { ControlPlane } from './control-plane';
import type { Fault, HttpAnswer } from './fault';
import { renderContent } from './render-element';
import type { ReadOperation, ReadRoute } from './routes';
import { document } from './xml-text';

/** A request that reads a configuration, before it is looked whether there is what it asks for. */
export interface ReadCall {
  readonly operation: ReadOperation;
  /** Of the distribution, or of the cache policy. */
  readonly id: string;
  /** Counts the requests of all reading operations, from 1. */
  readonly number: number;
}

/** Decides what goes wrong with each of them; `undefined`: nothing. */
export type ReadFaultFunction = (call: ReadCall) => Fault | undefined | Promise<Fault | undefined>;

/** A request and what became of it. */
export interface ReadRecord extends ReadCall {
  /** Milliseconds on the server's clock. */
  readonly at: number;
  readonly outcome: { readonly kind: 'answered' | 'hung' } | { readonly kind: 'refused'; readonly error: ApiError };
  /** What was injected into it. */
  readonly fault?: Fault;
}

/** What is there to be read; both may change between two requests. */
export interface Readable {
  readonly configurations: Configurations;
  readonly cachePolicies: CachePolicies;
  readonly controlPlane: ControlPlane;
  /** Milliseconds: when the distributions and the policies were made. */
  readonly madeAt: number;
}

/** The answer, or why there is none. */
export function read({ version, operation, id }: ReadRoute, readable: Readable): HttpAnswer | ApiError {
  const isPolicy = operation === 'GetCachePolicy' || operation === 'GetCachePolicyConfig';
  const found = isPolicy ? findCachePolicy(id, readable) : findDistribution(id, readable);
  if ('code' in found) return found;
  const { name, config, around } = found;
  const isWhole = operation === `Get${name}`;
  const root = isWhole ? name : `${name}Config`;
  const body = isWhole ? { ...around, [`${name}Config`]: config } : config;
  return { status: 200, headers: { ETag: eTagOf(config) }, body: document(version, root, renderContent(root, body)) };
}

interface Found {
  readonly name: 'Distribution' | 'CachePolicy';
  readonly config: object;
  /** What is told of it beside its configuration. */
  readonly around: object;
}

function findCachePolicy(id: string, { cachePolicies, madeAt }: Readable): Found | ApiError {
  const config = cachePolicyOf(cachePolicies, id);
  if (!config) return apiError('NoSuchCachePolicy');
  return { name: 'CachePolicy', config, around: { Id: id, LastModifiedTime: new Date(madeAt) } };
}

/** A distribution of which only the id was given takes invalidations, but nobody may read it. */
function findDistribution(id: string, { configurations, controlPlane, madeAt }: Readable): Found | ApiError {
  const config = Object.hasOwn(configurations, id) ? configurations[id] : undefined;
  const fault = controlPlane.faultOf(id);
  if (fault && (fault.code !== 'NoSuchDistribution' || !config)) return fault;
  if (!config) return apiError('AccessDenied');
  const inProgress = controlPlane.invalidations.filter(
    (each) => each.distribution === id && each.tenant === undefined && each.status === 'InProgress',
  );
  const around = {
    Id: id,
    ARN: `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`,
    Status: 'Deployed',
    LastModifiedTime: new Date(madeAt),
    InProgressInvalidationBatches: inProgress.length,
    DomainName: `${id.toLowerCase()}.cloudfront.net`,
    ActiveTrustedSigners: { Enabled: false, Quantity: 0 },
    ActiveTrustedKeyGroups: { Enabled: false, Quantity: 0 },
  };
  return { name: 'Distribution', config, around };
}

/** Another one whenever the configuration is. */
function eTagOf(config: object): string {
  const digest = createHash('sha256').update(JSON.stringify(config)).digest('hex').toUpperCase();
  return `E${digest.slice(0, 13)}`;
}
