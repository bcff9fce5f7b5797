import { createHash } from 'node:crypto';
import { firstIndex } from '../../lambda/tree/first-index';
import { type ApiError, apiError } from './api-error';
import { batchFault, type InvalidationBatch, repetitionFault } from './invalidation-batch';
import { createQuota, type Demand, demandOf, IN_PROGRESS_QUOTA, type Quota, type TakeQuota } from './quota';

/** The largest page of ListInvalidations, and its default. */
export const MAX_ITEMS = 100;

/** A distribution by its id. `denied`: the caller may not touch it, and every operation on it is AccessDenied. */
export type Distribution = string | { readonly id: string; readonly access?: 'denied' };

/** What has invalidations: a distribution by its id, or a tenant by its own. */
export type Holder = string | { readonly tenant: string };

/** An accepted invalidation. */
export interface Invalidation {
  readonly id: string;
  readonly distribution: string;
  /** The tenant of the distribution that it is of. Absent: it is of the distribution itself. */
  readonly tenant?: string;
  readonly callerReference: string;
  readonly paths: readonly string[];
  /** Milliseconds on the control plane's clock. */
  readonly createTime: number;
  /** As of now. */
  readonly status: 'InProgress' | 'Completed';
}

/** One page of invalidations, the newest first. */
export interface InvalidationPage {
  readonly items: readonly Invalidation[];
  readonly maxItems: number;
  /** Where the next page begins; none: this is the last. */
  readonly nextMarker?: string;
}

/** What CreateInvalidation led to. `repeated`: the same request as before, answered with the earlier invalidation. */
export type Creation =
  | { readonly kind: 'created' | 'repeated'; readonly invalidation: Invalidation }
  | { readonly kind: 'refused'; readonly error: ApiError };

/** The value, or the API's error. */
export type Answer<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'refused'; readonly error: ApiError };

export interface ControlPlaneOptions {
  readonly distributions: readonly Distribution[];
  /** Ids of distributions, by those of their tenants. @default - there are no tenants */
  readonly tenants?: Readonly<Record<string, string>>;
  /** @default IN_PROGRESS_QUOTA, 3,000 paths and 15 wildcards in progress */
  readonly quota?: Quota;
  /** Milliseconds from InProgress to Completed. @default 2000 */
  readonly completesAfter?: number;
  /** Most items of one request; more is BatchTooLarge. AWS does not document it. @default 3000 */
  readonly maxBatch?: number;
  /** The clock, in milliseconds; all state follows from it, nothing from timers. @default Date.now */
  readonly now?: () => number;
}

/** CloudFront's rules for invalidations, without HTTP: a simulation in virtual time can drive it too. */
export interface ControlPlane {
  /** Every invalidation of every distribution and tenant, oldest first. */
  readonly invalidations: readonly Invalidation[];
  /** Why nothing can be done with a distribution or a tenant; undefined: it is there, and the caller may use it. */
  faultOf(holder: Holder): ApiError | undefined;
  create(holder: Holder, batch: InvalidationBatch): Creation;
  get(holder: Holder, id: string): Answer<Invalidation>;
  list(holder: Holder, page?: { readonly marker?: string; readonly maxItems?: number }): Answer<InvalidationPage>;
}

/** Of a distribution, or of a tenant: each has a quota and caller references of its own. */
interface HolderState {
  readonly distribution: string;
  readonly tenant?: string;
  readonly denied: boolean;
  readonly takeQuota: TakeQuota;
  readonly invalidations: Invalidation[];
  /** What each of them and all before it took from the quota. */
  readonly demanded: Demand[];
  readonly byReference: Map<string, Invalidation>;
}

const NO_DEMAND: Demand = { paths: 0, wildcards: 0 };

/** An account with these distributions and tenants, and no invalidations. */
export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { quota = IN_PROGRESS_QUOTA, completesAfter = 2000, maxBatch = 3000, now = Date.now } = options;
  const all: Invalidation[] = [];
  const newState = () => ({ takeQuota: createQuota(quota), invalidations: [], demanded: [], byReference: new Map() });
  const distributions = new Map<string, HolderState>();
  for (const given of options.distributions) {
    const { id, access } = typeof given === 'string' ? { id: given, access: undefined } : given;
    distributions.set(id, { distribution: id, denied: access === 'denied', ...newState() });
  }
  const tenants = new Map<string, HolderState>();
  for (const [tenant, distribution] of Object.entries(options.tenants ?? {})) {
    tenants.set(tenant, { distribution, tenant, denied: false, ...newState() });
  }

  function open(holder: Holder): Answer<HolderState> {
    const state = typeof holder === 'string' ? distributions.get(holder) : tenants.get(holder.tenant);
    if (!state) return refused(apiError(typeof holder === 'string' ? 'NoSuchDistribution' : 'EntityNotFound'));
    return state.denied ? refused(apiError('AccessDenied')) : { kind: 'found', value: state };
  }

  function record(batch: InvalidationBatch, state: HolderState): Invalidation {
    const { distribution, tenant } = state;
    const createTime = now();
    const invalidation: Invalidation = {
      id: invalidationId(tenant ?? distribution, all.length),
      distribution,
      ...(tenant !== undefined && { tenant }),
      callerReference: batch.callerReference,
      paths: [...batch.paths],
      createTime,
      get status() {
        return now() < createTime + completesAfter ? 'InProgress' : 'Completed';
      },
    };
    all.push(invalidation);
    state.invalidations.push(invalidation);
    state.demanded.push(sumOf(state.demanded.at(-1) ?? NO_DEMAND, demandOf(batch.paths)));
    state.byReference.set(batch.callerReference, invalidation);
    return invalidation;
  }

  return {
    invalidations: all,

    faultOf(holder) {
      const opened = open(holder);
      return opened.kind === 'refused' ? opened.error : undefined;
    },

    create(holder, batch) {
      const opened = open(holder);
      if (opened.kind === 'refused') return opened;
      const state = opened.value;
      const invalid = batchFault(batch, maxBatch);
      if (invalid) return refused(invalid);
      const earlier = state.byReference.get(batch.callerReference);
      if (earlier) {
        const conflict = repetitionFault(earlier.paths, batch.paths);
        return conflict ? refused(conflict) : { kind: 'repeated', invalidation: earlier };
      }
      const over = state.takeQuota(demandOf(batch.paths), () => inProgress(state), now());
      if (over)
        return refused(
          apiError('TooManyInvalidationsInProgress', over === 'wildcards' ? TOO_MANY_WILDCARDS : undefined),
        );
      return { kind: 'created', invalidation: record(batch, state) };
    },

    get(holder, id) {
      const opened = open(holder);
      if (opened.kind === 'refused') return opened;
      const value = opened.value.invalidations.find((invalidation) => invalidation.id === id);
      return value ? { kind: 'found', value } : refused(apiError('NoSuchInvalidation'));
    },

    list(holder, { marker, maxItems = MAX_ITEMS } = {}) {
      const opened = open(holder);
      if (opened.kind === 'refused') return opened;
      const newestFirst = opened.value.invalidations.toReversed();
      const last = marker ? newestFirst.findIndex(({ id }) => id === marker) : -1;
      const page = Number.isInteger(maxItems) && maxItems >= 1 && maxItems <= MAX_ITEMS;
      if (!page || (marker && last < 0)) return refused(apiError('InvalidArgument'));
      const items = newestFirst.slice(last + 1, last + 1 + maxItems);
      const end = items.at(-1);
      const more = end !== undefined && end !== newestFirst.at(-1);
      return { kind: 'found', value: { items, maxItems, ...(more ? { nextMarker: end.id } : {}) } };
    },
  };
}

/** As reported in mdn/developer-portal#1134. */
const TOO_MANY_WILDCARDS =
  'Processing your request will cause you to exceed the maximum number of in-progress wildcard invalidations.';

function refused(error: ApiError): { readonly kind: 'refused'; readonly error: ApiError } {
  return { kind: 'refused', error };
}

function sumOf(some: Demand, more: Demand): Demand {
  return { paths: some.paths + more.paths, wildcards: some.wildcards + more.wildcards };
}

/** Invalidations complete in the order of their creation. */
function inProgress({ invalidations, demanded }: HolderState): Demand {
  const completed = firstIndex(invalidations, ({ status }) => status === 'InProgress');
  const [all, done] = [demanded.at(-1) ?? NO_DEMAND, demanded[completed - 1] ?? NO_DEMAND];
  return { paths: all.paths - done.paths, wildcards: all.wildcards - done.wildcards };
}

/** Ids look like AWS's and are the same in every run. */
function invalidationId(distribution: string, index: number): string {
  const digest = createHash('sha256').update(`${distribution}/${index}`).digest('hex').toUpperCase();
  return `I${digest.slice(0, 13)}`;
}
