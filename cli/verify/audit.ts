import { readDistribution } from '../../lambda/cloudfront/read-distribution';
import type { Clients } from '../clients';
import { count } from '../count';
import { because, mayPass } from '../failure';
import { nameOf, type Question } from '../question';
import { type ChangeVerdict, CLOCK_TOLERANCE, coverageOf } from './coverage';
import { type ChangesQuestion, findChanges } from './find-changes';
import { invalidationReader } from './invalidation-reader';
import { servedBucket, type Watched } from './served-bucket';

/** What is to be verified. */
export interface AuditQuestion extends Question, Watched, ChangesQuestion {
  /** How long to wait for what is missing, in ms. @default 0 */
  readonly wait?: number | undefined;
  /** How far the clocks of S3 and CloudFront may be apart, in ms. @default 100 */
  readonly clockTolerance?: number | undefined;
}

/** What has changed, and whether it is invalidated. */
export interface Audit {
  readonly changes: readonly ChangeVerdict[];
  /** Since when, in ms since the epoch. */
  readonly since: number;
  /** How many objects have changed that need no invalidation: no behavior leads to them, or they are excluded. */
  readonly notServed: number;
  /** Whether older invalidations were left unread because there are so many. */
  readonly isCutShort: boolean;
}

/** How time passes, and who is told what is done. */
export interface Surroundings {
  /** In ms; only differences count. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** What is done now, and how far it is. */
  readonly onProgress: (stage: string, detail: string) => void;
}

/** Between two looks at CloudFront's invalidations, in ms. Its API allows an account few calls, and the invalidator needs some. */
const BETWEEN_LOOKS = 5_000;

/** For the distribution and its cache policies, in ms. */
const LONGEST_READ = 30_000;

/**
 * Finds out what has changed in a bucket, and which of CloudFront's invalidations cover it.
 *
 * @throws an Error that says in a sentence what cannot be read, or why nothing can be said
 */
export async function audit(
  question: AuditQuestion,
  { cloudFront, s3 }: Clients,
  { now, pause, onProgress }: Surroundings,
): Promise<Audit> {
  const { bucket, distribution, tenant, wait = 0, clockTolerance = CLOCK_TOLERANCE } = question;
  const started = now();
  onProgress('Reading the distribution', '');
  const read = await readDistribution(cloudFront, distribution, AbortSignal.timeout(LONGEST_READ)).catch(
    because(`Distribution ${distribution} can't be read`),
  );
  const { changes, since, notServed } = await findChanges(s3, question, servedBucket(question, read), (listed, some) =>
    onProgress(`Listing ${bucket}`, `${count(listed, 'object')}, ${some.toLocaleString('en')} changed`),
  ).catch(because(`Bucket ${bucket} can't be listed`));

  const coverage = coverageOf(changes, clockTolerance);
  const total = coverage.open;
  const progress = () => `${(total - coverage.open).toLocaleString('en')} of ${count(total, 'path')} fresh`;
  const reader = invalidationReader(cloudFront, { distribution, tenant }, (invalidation) => {
    coverage.apply(invalidation);
    onProgress("Reading CloudFront's invalidations", progress());
  });
  while (coverage.open > 0) {
    const isLast = now() - started >= wait;
    await reader
      .read(() => coverage.oldestOpen - clockTolerance)
      .catch((error: unknown) => {
        if (isLast || !mayPass(error)) because(`The invalidations of ${nameOf(question)} can't be read`)(error);
      });
    if (isLast || coverage.open === 0) break;
    onProgress('Waiting for CloudFront', progress());
    await pause(Math.max(0, Math.min(BETWEEN_LOOKS, started + wait - now())));
  }
  return { changes: coverage.verdicts(), since, notServed, isCutShort: reader.isCutShort };
}
