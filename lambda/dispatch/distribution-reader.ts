import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { readDistribution } from '../cloudfront/read-distribution';
import type { CachePolicy } from '../contract/cache-policies';
import type { Distribution } from '../distribution/distribution';
import type { ConfiguredOrigin } from '../paths/configured-origin';
import { disagreements } from '../paths/disagreements';
import type { Telemetry } from '../telemetry/telemetry';
import type { Clock } from './clock';

/** Knows what distributions say of themselves. */
export interface DistributionReader {
  /** Whether a distribution was read once, so that what is said of it is not only what the options say. */
  isKnown(distribution: string): boolean;
  /** What a distribution says, or said when it could be read; undefined: nothing is known of it. Never throws. */
  read(
    distribution: string,
    events: Pick<Telemetry, 'distributionDisagrees' | 'distributionNotRead'>,
  ): Promise<Distribution | undefined>;
}

/** How long what was read is taken for true, in ms. A distribution takes some minutes itself to deploy its changes. */
const FRESH = 5 * 60_000;

/** After a read that failed, or brought only a part, in ms. */
const RETRY = 60_000;

/** For all calls of a read, in ms. */
const READ_TIMEOUT = 2000;

interface Known {
  readonly read?: Distribution | undefined;
  /** When it is to be read again. */
  readonly until: number;
  /** What the log tells already. */
  readonly told: readonly string[];
  readonly hasFailed: boolean;
}

/** One for each execution environment. It warns once of what is wrong, until something else is. */
export function makeDistributionReader(
  client: CloudFrontClient,
  origins: readonly ConfiguredOrigin[],
  clock: Clock,
): DistributionReader {
  const known = new Map<string, Known>();
  const policies = new Map<string, CachePolicy>();
  /** Reads on their way: a batch may be of several tenants of a distribution. */
  const reading = new Map<string, Promise<Distribution | undefined>>();
  const readAgain: DistributionReader['read'] = async (distribution, events) => {
    const before = known.get(distribution);
    const signal = clock.deadline(READ_TIMEOUT);
    try {
      const read = await readDistribution(client, distribution, signal, policies);
      const told = disagreements(distribution, read, origins);
      const news = told.filter((each) => !before?.told.includes(each));
      if (news.length > 0) events.distributionDisagrees(distribution, news);
      const isWhole = read.behaviors.every(({ queryStrings }) => queryStrings !== undefined);
      known.set(distribution, { read, until: clock.now() + (isWhole ? FRESH : RETRY), told, hasFailed: false });
      return read;
    } catch (error) {
      const why = signal.aborted ? new Error(`CloudFront had not answered within ${READ_TIMEOUT} ms`) : error;
      if (!before?.hasFailed) events.distributionNotRead(distribution, why, before?.read !== undefined);
      const told = before?.told ?? [];
      known.set(distribution, { read: before?.read, until: clock.now() + RETRY, told, hasFailed: true });
      return before?.read;
    }
  };
  return {
    isKnown: (distribution) => known.get(distribution)?.read !== undefined,
    async read(distribution, events) {
      const before = known.get(distribution);
      if (before && clock.now() < before.until) return before.read;
      const current =
        reading.get(distribution) ?? readAgain(distribution, events).finally(() => reading.delete(distribution));
      reading.set(distribution, current);
      return current;
    },
  };
}
