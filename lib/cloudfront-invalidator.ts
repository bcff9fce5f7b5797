import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Dashboard, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type Grant,
  type IGrantable,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  DRY_RUN,
  EVENT_BUS,
  INDEX_DOCUMENT,
  INSPECT_BUCKET,
  LEDGER_TABLE,
  MAX_PATHS_PER_DAY,
  ORIGINS,
  QUEUE_URL,
  READ_DISTRIBUTION,
  REFETCHES_PER_PATH,
  REQUESTS,
} from '../lambda/contract/environment';
import { API_ERRORS, AS_IT_HAPPENS, EVERY_BATCH } from '../lambda/contract/metric-names';
import { ApiErrorCause } from './api-error-cause';
import { ChangeEvents } from './change-events';
import { contradictionsIn } from './distribution/contradictions';
import { grantInvalidate } from './distribution/grant-invalidate';
import { grantRead } from './distribution/grant-read';
import { encryptionBy, grantByAlias, letEncrypt, letEncryptLogs } from './encryption';
import { grantFollowing } from './grant-following';
import { InvalidatorFunction } from './invalidator-function';
import { grantLedgerAccess, makeLedgerTable } from './ledger-table';
import { topicFindings } from './monitoring/alarm-topic';
import type { InvalidatorAlarms } from './monitoring/invalidator-alarms';
import { metricOf } from './monitoring/metric';
import { Monitoring } from './monitoring/monitoring';
import { letJoinVpc, networkFindings } from './network';
import { OptionError } from './options/option-error';
import { checkOptions } from './options/options';
import { exclusionFindings, toOrigin } from './options/origin';
import { keep } from './options/rules';
import type { CloudFrontInvalidatorProps } from './props';
import { makeQueues } from './queues';
import { toSource, watchedBuckets } from './source/change-source';
import { conflictsOf } from './source/conflicts';
import { passOnEvents } from './source/eventbridge';
import { notifyOfChanges } from './source/notifications';
import { checkAtSynthesis } from './synthesis/finding';
import { tooLarge } from './synthesis/limits';
import { FUNCTION_TIMEOUT, visibilityTimeoutFor } from './timing';

/** In JavaScript a cause may be any text. */
const CAUSES = `must be one of ${Object.values(ApiErrorCause).join(', ')}`;

/**
 * Invalidates in CloudFront what changes in S3: bucket → queue → function → distribution. What cannot be invalidated now is retried
 * from the queue. What can never be invalidated ends in the dead-letter queue.
 *
 * @throws an error named `OptionError` when a property breaks its rule. Its message names the property, the rule and the value
 */
export class CloudFrontInvalidator extends Construct implements IGrantable {
  /** Receives the buckets' notifications. */
  readonly queue: IQueue;
  /** Keeps for 14 days what could not be invalidated at all. It should be empty, and there is an alarm for that. */
  readonly deadLetterQueue: IQueue;
  /**
   * Keeps for 14 days what EventBridge could not deliver to the queue. Undefined if no bucket has `ChangeEvents.EVENTBRIDGE`, and no
   * requests are taken.
   */
  readonly undeliveredEvents?: IQueue;
  /** Turns batches of changed keys into invalidations. */
  readonly function: IFunction;
  /** The function's log: one JSON object per line. */
  readonly logGroup: ILogGroup;
  /** The alarms: add actions to them, or change them. Undefined if `monitoring` is off. */
  readonly alarms?: InvalidatorAlarms;
  /** The dashboard: add widgets to it. Undefined if `monitoring` is off. */
  readonly dashboard?: Dashboard;
  /** The function's role. With it, the construct can be granted access to other resources. */
  readonly grantPrincipal: IPrincipal;
  private readonly takesRequests: boolean;

  constructor(scope: Construct, id: string, props: CloudFrontInvalidatorProps) {
    super(scope, id);
    const [options, watched] = OptionError.of(this, () => {
      const checked = checkOptions(this, props);
      return [checked, watchedBuckets(checked.origins.map((origin) => toSource(this, origin)))];
    });
    const {
      origins,
      maxBatchingWindow,
      indexDocument,
      refetchesPerPath,
      maxPathsPerDay,
      dryRun,
      encryptionKey,
      eventBus,
      vpc,
      vpcSubnets,
      securityGroups,
    } = options;

    const visibilityTimeout = Duration.seconds(visibilityTimeoutFor(maxBatchingWindow));
    const { queue, deadLetterQueue } = makeQueues(this, visibilityTimeout, encryptionBy(encryptionKey));
    this.deadLetterQueue = deadLetterQueue;
    this.queue = queue;
    this.takesRequests = options.requests;
    const notifying = watched.filter(({ events }) => events === ChangeEvents.NOTIFICATIONS);
    const byEventBridge = watched.filter(({ events }) => events === ChangeEvents.EVENTBRIDGE);
    notifyOfChanges(notifying, queue);
    this.undeliveredEvents = passOnEvents(this, byEventBridge, options.requests, queue);

    const { logRetention: retention, logEncryptionKey } = options;
    if (logEncryptionKey) letEncryptLogs(logEncryptionKey, this);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention,
      encryptionKey: logEncryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of our own: CDK's default one may write to every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.grantPrincipal = role;
    this.logGroup.grantWrite(role);
    if (vpc) letJoinVpc(role);
    if (encryptionKey) {
      if (notifying.length > 0) letEncrypt(encryptionKey, 's3.amazonaws.com');
      if (this.undeliveredEvents) letEncrypt(encryptionKey, 'events.amazonaws.com');
      grantByAlias(encryptionKey, role, this, ['kms:Decrypt']);
    }
    const ledger = makeLedgerTable(this);
    grantLedgerAccess(ledger, role);
    this.function = new InvalidatorFunction(this, 'Function', {
      role,
      logGroup: this.logGroup,
      timeout: Duration.seconds(FUNCTION_TIMEOUT),
      vpc,
      vpcSubnets,
      securityGroups,
      environment: {
        [ORIGINS]: Stack.of(this).toJsonString(origins.map(toOrigin)),
        ...(indexDocument !== undefined && { [INDEX_DOCUMENT]: indexDocument === 'none' ? '' : indexDocument }),
        [REFETCHES_PER_PATH]: String(refetchesPerPath),
        [INSPECT_BUCKET]: options.inspectBucket ? 'on' : 'off',
        [READ_DISTRIBUTION]: options.readDistribution ? 'on' : 'off',
        [LEDGER_TABLE]: ledger.tableName,
        ...(maxPathsPerDay !== undefined && { [MAX_PATHS_PER_DAY]: String(maxPathsPerDay) }),
        ...(options.requests && { [REQUESTS]: 'on' }),
        ...(dryRun && { [DRY_RUN]: 'on' }),
        ...(eventBus && { [EVENT_BUS]: eventBus.eventBusArn, [QUEUE_URL]: queue.queueUrl }),
      },
    });
    this.function.addEventSource(
      new SqsEventSource(queue, {
        // Without a window Lambda takes at most ten messages at once.
        batchSize: maxBatchingWindow === 0 ? 10 : 10_000,
        maxBatchingWindow: Duration.seconds(maxBatchingWindow),
        reportBatchItemFailures: true,
        maxConcurrency: 2,
      }),
    );
    if (options.inspectBucket) {
      const resources = origins.map(({ bucket }) => bucket.bucketArn);
      role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources }));
    }
    const distributions = origins.map(({ distribution }) => distribution);
    if (options.readDistribution) grantRead(distributions, role);
    if (!dryRun) grantInvalidate(origins, role);
    if (eventBus) grantFollowing(role, { eventBus, queue, encryptionKey, origins });
    if (options.monitoring) {
      const { alarms, dashboard } = new Monitoring(this, 'Monitoring', {
        ...options,
        queue,
        deadLetterQueue,
        undeliveredEvents: this.undeliveredEvents,
        function: this.function,
        logGroup: this.logGroup,
        visibilityTimeout,
        maxBatchingWindow: Duration.seconds(maxBatchingWindow),
        hasEvents: eventBus !== undefined,
      });
      this.alarms = alarms;
      this.dashboard = dashboard;
    }
    checkAtSynthesis(this, [
      (rendering) => contradictionsIn(options, rendering),
      () => exclusionFindings(origins),
      (rendering) => conflictsOf(watched, queue, rendering),
      (rendering) => topicFindings(options.alarmTopic, rendering),
      () => networkFindings(vpc, vpcSubnets),
      (rendering) => tooLarge(this, rendering),
    ]);
  }

  /**
   * Allows a principal to request invalidations of paths and cache tags, by messages to the queue. It needs the option `requests`.
   *
   * @throws an error named `OptionError` without that option: the messages would become dead letters
   */
  grantRequestInvalidations(grantee: IGrantable): Grant {
    OptionError.of(this, () =>
      keep(this.takesRequests, 'requests', [this.takesRequests, 'must be true to grant them']),
    );
    grantByAlias(this.queue.encryptionMasterKey, grantee, this, ['kms:Decrypt', 'kms:GenerateDataKey']);
    return this.queue.grantSendMessages(grantee);
  }

  /** Messages received, including redeliveries. */
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

  /** Paths of the accepted invalidations, as CloudFront bills them. */
  metricInvalidatedPaths(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.invalidatedPaths, props);
  }

  /** How many of the paths are wildcards. */
  metricWildcards(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.wildcards, props);
  }

  /** Unchanged objects that the wildcards evict, estimated. */
  metricEvictedObjects(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.evictedObjects, props);
  }

  /** Requests of ListObjectsV2. */
  metricListedPages(props?: MetricOptions): Metric {
    return metricOf(this.function, EVERY_BATCH.listedPages, props);
  }

  /** The age of an invalidation's oldest change when CloudFront accepted it, in seconds. By default the 99th percentile. */
  metricStaleness(props?: MetricOptions): Metric {
    return metricOf(this.function, AS_IT_HAPPENS.staleness, props);
  }

  /**
   * The time from an invalidation's oldest change until its completion was seen, in seconds. By default the 99th percentile. There is
   * data only with an `eventBus`.
   */
  metricTimeToFresh(props?: MetricOptions): Metric {
    return metricOf(this.function, AS_IT_HAPPENS.timeToFresh, props);
  }

  /** Messages that are retried because CloudFront did not accept what they need. */
  metricRetriedMessages(props?: MetricOptions): Metric {
    return metricOf(this.function, AS_IT_HAPPENS.retriedMessages, props);
  }

  /** Messages that no retry can fix: they are malformed, or CloudFront rejects their path. They are retried nevertheless. */
  metricRejectedMessages(props?: MetricOptions): Metric {
    return metricOf(this.function, AS_IT_HAPPENS.rejectedMessages, props);
  }

  /** Batches after the day's paths (`maxPathsPerDay`) were used up. Each took a single wildcard. */
  metricBudgetExhausted(props?: MetricOptions): Metric {
    return metricOf(this.function, AS_IT_HAPPENS.budgetExhausted, props);
  }

  /** Invocations that continued without the ledger, because DynamoDB did not answer or denied access. */
  metricLedgerUnavailable(props?: MetricOptions): Metric {
    return metricOf(this.function, AS_IT_HAPPENS.ledgerUnavailable, props);
  }

  /** Calls of CreateInvalidation that CloudFront did not accept, by their cause. */
  metricApiErrors(cause: ApiErrorCause, props?: MetricOptions): Metric {
    OptionError.of(this, () => keep(cause, 'cause', [Object.hasOwn(API_ERRORS, cause), CAUSES]));
    return metricOf(this.function, API_ERRORS[cause], props);
  }
}
