import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { Client, LoadedCloudFront, LoadOptions } from './cloudfront';
import type { Mapping } from './event-source';
import type { Message } from './queue';
import type { Site } from './site';
import type { VirtualTime } from './virtual-time';

/** The id of the distribution. */
export const DISTRIBUTION = 'E1SITE';

/** What a function works with. */
export interface Surroundings<C extends Client = Client> {
  readonly time: VirtualTime;
  readonly client: C;
  readonly site: Site;
  readonly censusFails: boolean;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** An execution environment: handles batches, one at a time, and tells which messages must come back. */
export type InvalidatingFunction = (batch: readonly Message[]) => Promise<readonly Message[]>;

/** A way to invalidate what changes. */
export interface Design<C extends Client = Client> {
  readonly name: string;
  readonly mapping: Mapping;
  readonly maxReceiveCount: number;
  startCloudFront(options: LoadOptions): Promise<LoadedCloudFront<C>>;
  makeFunction(surroundings: Surroundings<C>): InvalidatingFunction;
}

/** A design that works with the SDK's client. */
export type SdkDesign = Design<CloudFrontClient>;
