import {
  type CloudFrontClient,
  CreateInvalidationCommand,
  CreateInvalidationForDistributionTenantCommand,
} from '@aws-sdk/client-cloudfront';
import type { Target } from '../contract/target';
import { type ApiError, toApiError } from './api-error';
import { callerReference } from './caller-reference';

/** One call of CreateInvalidation, or of CreateInvalidationForDistributionTenant. */
export interface InvalidationRequest extends Target {
  /** Unique. */
  readonly paths: readonly string[];
  /** Ids of all messages that the paths are for. */
  readonly messageIds: readonly string[];
}

/** What became of a request. */
export type Outcome = Accepted | ({ readonly callerReference: string } & ApiError);

/** An invalidation that CloudFront has taken on: a new one, or the earlier one of a repeated request. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly callerReference: string;
  readonly invalidationId: string;
  readonly status: string;
  /** In ms since the epoch, by CloudFront's clock; 0 if it did not say. */
  readonly createTime: number;
}

/** Of an invalidation. Other XML may name an id, too, and the SDK does not look at its root. */
const STATUSES = ['InProgress', 'Completed'];

/** A reference that was used already is rare. Three in a row are a bug. */
const MOST_REFERENCES = 3;

/**
 * Creates one invalidation. Never throws: if CloudFront does not accept it, the outcome is the API error.
 *
 * @param signal ends the call when the function's time is nearly up
 */
export async function createInvalidation(
  client: CloudFrontClient,
  { distribution, tenant, paths, messageIds }: InvalidationRequest,
  signal: AbortSignal,
): Promise<Outcome> {
  const items = [...paths].sort();
  for (let attempt = 0; ; attempt++) {
    const reference = callerReference(messageIds, items, attempt, tenant);
    const InvalidationBatch = { CallerReference: reference, Paths: { Quantity: items.length, Items: items } };
    const options = { abortSignal: signal };
    try {
      const { Invalidation } = await (tenant === undefined
        ? client.send(new CreateInvalidationCommand({ DistributionId: distribution, InvalidationBatch }), options)
        : client.send(new CreateInvalidationForDistributionTenantCommand({ Id: tenant, InvalidationBatch }), options));
      const { Id = '', Status = '', CreateTime } = Invalidation ?? {};
      if (Id === '' || !(CreateTime || STATUSES.includes(Status)))
        throw new Error('CloudFront answered without naming an invalidation');
      return {
        kind: 'accepted',
        callerReference: reference,
        invalidationId: Id,
        status: Status,
        createTime: CreateTime?.getTime() ?? 0,
      };
    } catch (error) {
      const refusal = signal.aborted ? outOfTime : toApiError(error);
      if (refusal.kind === 'conflict' && attempt + 1 < MOST_REFERENCES) continue;
      return { ...refusal, callerReference: reference };
    }
  }
}

const outOfTime: ApiError = {
  kind: 'unavailable',
  name: 'OutOfTime',
  message: "CloudFront had not answered when the function's time was nearly up",
};

/**
 * The outcome of a dry run: accepted, now. The function goes on as though it were, so what it remembers covers later changes
 * as in a real run.
 *
 * @param now in ms since the epoch
 */
export function dryRun({ messageIds, paths, tenant }: InvalidationRequest, now: number): Accepted {
  const reference = callerReference(messageIds, paths, 0, tenant);
  return {
    kind: 'accepted',
    callerReference: reference,
    invalidationId: `dry-run-${reference}`,
    status: 'DryRun',
    createTime: now,
  };
}
