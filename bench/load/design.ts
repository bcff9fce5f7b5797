import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { Mapping } from './event-source';
import type { Message } from './queue';
import type { Site } from './site';
import type { VirtualTime } from './virtual-time';

/** Until CloudFront answers, in ms. */
export const LATENCY = 300;

/** What a function works with. */
export interface Surroundings {
  readonly time: VirtualTime;
  readonly client: CloudFrontClient;
  readonly site: Site;
  readonly censusFails: boolean;
}

/** An execution environment: handles batches, one at a time, and tells which messages must come back. */
export type InvalidatingFunction = (batch: readonly Message[]) => Promise<readonly Message[]>;

/** A way to invalidate what changes. */
export interface Design {
  readonly name: string;
  readonly mapping: Mapping;
  readonly maxReceiveCount: number;
  makeFunction(surroundings: Surroundings): InvalidatingFunction;
}
