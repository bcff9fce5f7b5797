import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CENSUS, DRY_RUN, INDEX_DOCUMENT, ORIGINS, type Origin, REFETCHES_PER_PATH } from '../lambda/environment';
import { AS_IT_HAPPENS, EVERY_BATCH, REFUSALS } from '../lambda/metric-names';
import { type ChangeSource, checkOneWay, watchedBuckets } from './change-source';
import { encryptionBy, letEncrypt } from './encryption';
import { ruleOnChanges } from './eventbridge';
import { InvalidatorFunction } from './invalidator-function';
import { metricOf } from './metric';
import { Monitoring } from './monitoring';
import { notifyOfChanges } from './notifications';
import { inOurStack } from './ownership';
import { checkPlacement } from './placement';
import {
  checkAlias,
  checkBatchingWindow,
  checkEvents,
  checkGlob,
  checkIndexDocument,
  checkOriginPath,
  checkOrigins,
  checkPathsPerDayBudget,
  checkPrefix,
  checkRefetchesPerPath,
  checkUnusedWithoutMonitoring,
} from './rules';

/** A bucket behind a distribution, as CloudFront's origins are. */
export interface InvalidatorOrigin {
  /** The bucket whose changes invalidate. It may stand behind several distributions: name it once for each. */
  readonly bucket: IBucket;

  /** The distribution that serves the bucket's objects. */
  readonly distribution: IDistribution;

  /**
   * The origin path that the distribution puts in front of every key, such as `/site`. Objects outside of it are not
   * served, so they are not invalidated; inside, it is not part of the paths that viewers ask for.
   *
   * @default - none: every object of the bucket is served under its whole key
   */
  readonly originPath?: string;

  /**
   * How the bucket tells of its changes. `notifications`: S3 sends them straight to the queue. `eventbridge`: by
   * EventBridge, for a bucket whose notifications go elsewhere already (S3 refuses a second destination for the same
   * objects) or are configured by somebody else, or that is in another stack. For a bucket of this app EventBridge is
   * switched on; for an imported one switch it on yourself: it is a property of the bucket.
   *
   * @default 'notifications'
   */
  readonly events?: 'notifications' | 'eventbridge';

  /**
   * How the keys begin whose changes invalidate, such as `docs/`; within the origin path, which is a part of the key: behind
   * `/site` it is `site/docs/`. Nothing is sent for other objects, and they are never invalidated.
   *
   * @default - the origin path: every object that is served
   */
  readonly prefix?: string;

  /**
   * Objects that are never invalidated, as globs of their names relative to the origin path: `assets/**` for hashed
   * assets, which never change under their name. Their changes are acknowledged.
   *
   * @default - none
   */
  readonly exclude?: string[];

  /**
   * Whether query strings are part of the cache key, by the distribution's cache policy. An object is then invalidated
   * with all its query strings, which takes a wildcard for each: `/a.html*`. CloudFront takes 15 of them at once, so large
   * batches are invalidated more widely than without.
   *
   * @default false
   */
  readonly queryStrings?: boolean;

  /**
   * Further paths that viewers have objects under: resized images, URLs that are rewritten at the edge. They are invalidated
   * with the object; the forms of an `indexDocument` need no rule.
   *
   * @default - none: objects are served under their keys
   */
  readonly aliases?: InvalidatorAlias[];
}

/** A rule that tells the further paths of an object from its key. */
export interface InvalidatorAlias {
  /**
   * Which names, relative to the origin path, have these paths: `images/{name}.jpg`. A placeholder `{name}` stands for one
   * character or more of a name's part between slashes, `{name+}` for slashes too; the first takes as much as it can.
   */
  readonly pattern: string;

  /**
   * The paths as viewers ask for them, with the placeholders of the pattern: `/resized/{name}-*`. Whatever they stand for is
   * encoded as the paths of objects are. A `*` at the end is a wildcard, of which CloudFront takes 15 at once.
   */
  readonly paths: string[];
}

/** Properties of a {@link CloudFrontInvalidator}. */
export interface CloudFrontInvalidatorProps {
  /** What to invalidate: at least one origin. All share one queue and one function. */
  readonly origins: InvalidatorOrigin[];

  /**
   * How long changes are gathered before they are invalidated together: a longer window costs freshness, a shorter one
   * costs paths. Whole seconds, 0 to 300.
   *
   * @default Duration.seconds(20)
   */
  readonly batchingWindow?: Duration;

  /**
   * The document that the URL of a folder is answered with. `docs/index.html` is then invalidated as
   * `/docs/index.html`, `/docs/` and `/docs`; the root's as `/index.html` and `/`. `none` where URLs of folders
   * are not answered.
   *
   * @default 'index.html'
   */
  readonly indexDocument?: string;

  /**
   * How many unchanged objects you would rather have fetched once more from the bucket than pay for one more path.
   * CloudFront bills $0.005 a path, whatever it matches; a wildcard saves paths and throws unchanged objects out of the
   * caches. Lower it where a fetch from the origin is dear, raise it where only the bill of CloudFront counts.
   *
   * @default 100
   */
  readonly refetchesPerPath?: number;

  /**
   * Whether the function lists the buckets to see what a wildcard would throw out of the caches, which takes
   * `s3:ListBucket` on them. Without, it plans by what changed alone: always enough, but often wider or dearer.
   *
   * @default true
   */
  readonly census?: boolean;

  /**
   * Everything but the call of CloudFront: what would be invalidated, and its price, is logged as `Dry run`; messages are
   * acknowledged and nothing is invalidated, so everything stays as stale as it would be without an invalidator. The
   * function may not even create invalidations then.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * A customer managed key that encrypts both queues. What S3, EventBridge and the function may do with it is added to the
   * policy of a key of this app; to an imported key's add it yourself: `kms:GenerateDataKey` and `kms:Decrypt` for
   * `s3.amazonaws.com`, or for `events.amazonaws.com` with `events: 'eventbridge'`.
   *
   * @default - SQS encrypts them with a key of its own
   */
  readonly encryptionKey?: IKey;

  /**
   * How long the function's logs are kept.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;

  /**
   * Whether there are a dashboard, alarms, and saved queries of the log. The function emits its metrics in any case.
   *
   * @default true
   */
  readonly monitoring?: boolean;

  /**
   * Where the alarms send word when they go off, and when they are over.
   *
   * @default - nowhere: they show on the dashboard
   */
  readonly alarmTopic?: ITopic;

  /**
   * Paths in a day above which an alarm goes off. Of 200 a day, beyond the free ones, each costs $0.005, together $1.
   *
   * @default 200
   */
  readonly pathsPerDayBudget?: number;
}

/** The longest that CloudFront may refuse everything without a single message reaching the dead-letter queue. */
const LONGEST_OUTAGE = Duration.hours(6);

/** Longest time of one invocation. Retries of a failed batch wait six of them, so it is also the pace of the back-off. */
const FUNCTION_TIMEOUT = Duration.seconds(30);

/**
 * Invalidates in CloudFront what changes in S3, by itself: bucket → queue → function → distribution. What can not be
 * invalidated now comes back to the queue; what never can be ends in the dead-letter queue.
 *
 * @throws OptionError when a property breaks its rule, naming the property, the rule and the value
 */
export class CloudFrontInvalidator extends Construct {
  /** Receives the buckets' notifications. */
  readonly queue: IQueue;
  /** Keeps for 14 days what could not be invalidated at all. Empty in good health: alarm on it. */
  readonly deadLetterQueue: IQueue;
  /** Turns batches of changed keys into invalidations. */
  readonly function: IFunction;
  /** The function's log: a JSON object a line. */
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: CloudFrontInvalidatorProps) {
    super(scope, id);
    const origins = checkOrigins(props.origins.map(toOrigin));
    const sources = props.origins.map((origin, index) => toSource(this, origin, index));
    checkOneWay(sources);
    const indexDocument = checkIndexDocument(props.indexDocument ?? 'index.html');
    const batchingWindow = checkBatchingWindow(props.batchingWindow?.toSeconds({ integral: false }) ?? 20);
    const refetchesPerPath = checkRefetchesPerPath(props.refetchesPerPath ?? 100);
    const { census = true, dryRun = false } = props;
    const encryption = encryptionBy(props.encryptionKey);
    const { monitoring = true, alarmTopic } = props;
    const pathsPerDayBudget = checkPathsPerDayBudget(props.pathsPerDayBudget ?? 200);
    if (!monitoring) checkUnusedWithoutMonitoring(props);

    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: six time-outs and the window.
    const visibilityTimeout = Duration.seconds(6 * FUNCTION_TIMEOUT.toSeconds() + batchingWindow);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...encryption,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const queue = new Queue(this, 'Queue', {
      ...encryption,
      enforceSSL: true,
      visibilityTimeout,
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        // Half as many again as an outage spends: redeliveries are approximate.
        maxReceiveCount: Math.ceil((1.5 * LONGEST_OUTAGE.toSeconds()) / visibilityTimeout.toSeconds()),
      },
    });
    this.queue = queue;
    const [notifying, byEventBridge] = [
      watchedBuckets(sources, 'notifications'),
      watchedBuckets(sources, 'eventbridge'),
    ];
    notifyOfChanges(notifying, queue);
    ruleOnChanges(this, byEventBridge, queue);
    if (props.encryptionKey) {
      if (notifying.length > 0) letEncrypt(props.encryptionKey, 's3.amazonaws.com');
      if (byEventBridge.length > 0) letEncrypt(props.encryptionKey, 'events.amazonaws.com');
    }

    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of our own: CDK's default one may write to every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    this.function = new InvalidatorFunction(this, 'Function', {
      role,
      logGroup: this.logGroup,
      timeout: FUNCTION_TIMEOUT,
      environment: {
        [ORIGINS]: Stack.of(this).toJsonString(origins),
        [INDEX_DOCUMENT]: indexDocument === 'none' ? '' : indexDocument,
        [REFETCHES_PER_PATH]: String(refetchesPerPath),
        [CENSUS]: census ? 'on' : 'off',
        ...(dryRun && { [DRY_RUN]: 'on' }),
      },
    });
    this.function.addEventSource(
      new SqsEventSource(queue, {
        // Without a window Lambda takes at most ten messages at once.
        batchSize: batchingWindow === 0 ? 10 : 10_000,
        maxBatchingWindow: Duration.seconds(batchingWindow),
        reportBatchItemFailures: true,
        maxConcurrency: 2,
      }),
    );
    if (census) {
      role.addToPolicy(
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: uniqueBy(props.origins, ({ bucket }) => bucket.bucketName).map(({ bucket }) => bucket.bucketArn),
        }),
      );
    }
    const distributions = dryRun ? [] : props.origins.map((origin) => origin.distribution);
    for (const distribution of uniqueBy(distributions, (each) => each.distributionId)) {
      distribution.grantCreateInvalidation(this.function);
    }
    if (monitoring) {
      new Monitoring(this, 'Monitoring', {
        queue,
        deadLetterQueue: this.deadLetterQueue,
        function: this.function,
        logGroup: this.logGroup,
        visibilityTimeout,
        batchingWindow: Duration.seconds(batchingWindow),
        pathsPerDayBudget,
        alarmTopic,
      });
    }
  }

  /** Messages received, those that came back included. */
  metricMessages(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.messages, props);
  }

  /** Changes of served objects, for each distribution that serves them. */
  metricChanges(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.changes, props);
  }

  /** Changes that an earlier invalidation covers. */
  metricCoveredChanges(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.coveredChanges, props);
  }

  /** Invalidations that CloudFront accepted. */
  metricInvalidations(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.invalidations, props);
  }

  /** Their paths, as CloudFront bills them. */
  metricInvalidatedPaths(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.invalidatedPaths, props);
  }

  /** Those of the paths that are wildcards. */
  metricWildcards(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.wildcards, props);
  }

  /** Unchanged objects under the wildcards, estimated. */
  metricDiscardedObjects(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.discardedObjects, props);
  }

  /** Requests of ListObjectsV2. */
  metricListedPages(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.listedPages, props);
  }

  /** How old the oldest change of each invalidation was when CloudFront accepted it, in seconds; by default the 99th percentile. */
  metricStaleness(props?: MetricOptions): Metric {
    return metricOf(this.function, AS_IT_HAPPENS.staleness, props);
  }

  /** Messages that came back because CloudFront did not accept what they need. */
  metricReturnedMessages(props?: MetricOptions): Metric {
    return metricOf(this.function, AS_IT_HAPPENS.returnedMessages, props);
  }

  /** Messages that came back though no retry mends them: malformed, or of a path that CloudFront refuses. */
  metricRejectedMessages(props?: MetricOptions): Metric {
    return metricOf(this.function, AS_IT_HAPPENS.rejectedMessages, props);
  }

  /**
   * Calls of CreateInvalidation that were not accepted, by cause: `throttled`, `unavailable`, `configuration`, `invalid`, `conflict`
   * or `unexpected`.
   */
  metricRefusals(cause: keyof typeof REFUSALS, props?: MetricOptions): Metric {
    return metricOf(this.function, REFUSALS[cause], props);
  }
}

/** What the function is told. */
function toOrigin(
  { bucket, distribution, originPath = '', prefix = '', exclude, queryStrings, aliases }: InvalidatorOrigin,
  index: number,
): Origin {
  const option = `origins[${index}]`;
  const path = checkOriginPath(originPath, `${option}.originPath`);
  return {
    bucket: bucket.bucketName,
    distribution: distribution.distributionId,
    path,
    prefix: prefix === '' ? undefined : checkPrefix(prefix, path, `${option}.prefix`),
    exclude: exclude?.map((glob) => checkGlob(glob, `${option}.exclude`)),
    queryStrings: queryStrings || undefined,
    aliases: aliases?.map((alias, at) => checkAlias(alias, `${option}.aliases[${at}]`)),
  };
}

/** What the queue is told from. */
function toSource(scope: Construct, origin: InvalidatorOrigin, index: number): ChangeSource {
  const option = `origins[${index}]`;
  const { bucket, distribution, originPath = '', prefix = '', events: asked = 'notifications' } = origin;
  const events = checkEvents(asked, `${option}.events`);
  checkPlacement(scope, { bucket, distribution, events }, option);
  return { bucket: inOurStack(scope, bucket), events, prefix: checkPrefix(prefix, originPath) };
}

/** The same bucket, imported twice, is two objects of one name. */
function uniqueBy<T>(all: readonly T[], nameOf: (each: T) => string): T[] {
  return [...new Map(all.map((each) => [nameOf(each), each])).values()];
}
