import type { Duration } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ChangeEvents } from './change-events';

/** A bucket behind a distribution, as CloudFront's origins are. */
export interface InvalidatorOrigin {
  /** The bucket whose changes invalidate. It may stand behind several distributions: name it once for each. */
  readonly bucket: IBucket;

  /** The distribution that serves the bucket's objects. */
  readonly distribution: IDistribution;

  /**
   * The id of the tenant that serves the bucket's objects, such as `dt_2wjDZi3hD1ivOXf6rpZJO1AB` or a distribution tenant's
   * `attrId`, where the distribution is a multi-tenant one: the tenant is invalidated, and not the distribution. Name the bucket once
   * for each tenant, with the `originPath` that the tenant has. Each tenant has a quota, a ledger and a share of `maxPathsPerDay` of
   * its own.
   *
   * @default - none: the distribution serves viewers itself
   */
  readonly tenant?: string;

  /**
   * Overrides the origin path, such as `/site`, which the distribution puts in front of every key. Objects outside of it are not
   * served, so they are not invalidated, and S3 does not send their changes; inside, it does not belong to the paths that viewers
   * request. Empty: none. That of a distribution of this app is an error if the distribution has another for the bucket.
   *
   * @default - as the distribution says, each that it has for the bucket; if it can't be read, none: every object of the bucket is
   * served under its whole key
   */
  readonly originPath?: string;

  /**
   * What viewers have in front of the keys, such as `/assets` where `/assets/img/a.png` is the key `img/a.png`. Something removes it,
   * mostly a function. All paths have it then, those of index documents too. Where no other behavior leads to the bucket, the
   * distribution says it. Of the form of an origin path.
   *
   * @default - as the distribution says; if it can't be read, nothing
   */
  readonly viewerPrefix?: string;

  /**
   * How the bucket tells of its changes. `notifications`: S3 sends them straight to the queue. `eventbridge`: by
   * EventBridge, for a bucket whose notifications go elsewhere already (S3 accepts no second destination for the same
   * objects) or are configured by somebody else, or that is in another stack. For a bucket of this app EventBridge is
   * switched on; for an imported one switch it on yourself: it is a property of the bucket.
   *
   * @default 'notifications'
   */
  readonly events?: ChangeEvents;

  /**
   * What the watched keys begin with, such as `docs/`. It is of the key in the bucket: behind the origin path `/site` it is
   * `site/docs/`. If `originPath` is stated, it is within that. Nothing is sent for other objects, and they are never invalidated.
   *
   * @default - the origin path, if it is stated; else every object is sent, and what is not served is acknowledged
   */
  readonly prefix?: string;

  /**
   * Objects that are never invalidated, as globs of their names relative to the origin path: `assets/**` for hashed
   * assets, which never change under their name. Their changes are acknowledged. As in a `.gitignore` their order counts: the last one
   * that matches a name decides, and `!assets/logo.png` takes it back in. At most two `**`, and two `*` between slashes. As in
   * picomatch, `assets/**` is also the name `assets` itself.
   *
   * @default - none
   */
  readonly exclude?: string[];

  /**
   * Overrides whether query strings are part of the cache key, by the distribution's cache policies. An object is then
   * invalidated with all its query strings, which takes a wildcard for each: `/a.html*`. CloudFront takes 15 of them at once, so
   * large batches are invalidated more widely than without.
   *
   * @default - as the distribution says, for each of its behaviors; if it can't be read, false
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

/** A rule that tells the further paths of an object, or its cache tags, from its key. At least one of both. */
export interface InvalidatorAlias {
  /**
   * Which names, relative to the origin path, have these paths: `images/{name}.jpg`. A placeholder `{name}` stands for one
   * character or more of a name between slashes, `{name+}` for slashes too; the first takes as much as it can.
   */
  readonly pattern: string;

  /**
   * The paths as viewers request them, with the placeholders of the pattern: `/resized/{name}-*`. Whatever they stand for is
   * encoded as the paths of objects are. A `*` at the end is a wildcard, of which CloudFront takes 15 at once.
   *
   * @default - none
   */
  readonly paths?: string[];

  /**
   * Cache tags that are invalidated with the object, without the `#`, with the placeholders of the pattern: `image:{name}`. What they
   * stand for is written as `encodeURIComponent` does it. They reach every copy that the origin has given this tag, whatever its URL,
   * if the distribution has a `CacheTagConfig`. A tag costs as much as a path. Visible ASCII without commas, 256 characters at most.
   *
   * @default - none
   */
  readonly tags?: string[];
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
  readonly maxBatchingWindow?: Duration;

  /**
   * Overrides which document the URL of a folder is answered with, in all distributions. `docs/index.html` is then invalidated
   * as `/docs/index.html`, `/docs/` and `/docs`; the root's as `/index.html` and `/`. `none` where URLs of folders are not
   * answered.
   *
   * @default - as the distribution says: its default root object, and folder URLs only where a website endpoint or a function can
   * answer them; if it can't be read, 'index.html'
   */
  readonly indexDocument?: string;

  /**
   * How many unchanged objects may be fetched again from the bucket to save one path. CloudFront bills $0.005 a path,
   * whatever it matches; a wildcard saves paths and evicts unchanged objects from the caches. Lower it if a fetch from the
   * origin is expensive, raise it if only the bill of CloudFront counts.
   *
   * @default 100
   */
  readonly refetchesPerPath?: number;

  /**
   * The most paths that may be invalidated in a day (UTC), of all distributions and tenants together; each has an equal
   * share. A batch spends at most a tenth of what is left of its share, so plans become wider as the share
   * is used up. After that a single wildcard covers each batch: nothing becomes stale, and a day takes at most this
   * many paths and one wildcard a batch. A whole number, at least that of the distributions and tenants.
   *
   * @default - no limit
   */
  readonly maxPathsPerDay?: number;

  /**
   * Whether the function lists the buckets to see what a wildcard would evict from the caches, which takes
   * `s3:ListBucket` on them. Without, it plans by what changed alone: always enough, but often wider or more expensive.
   *
   * @default true
   */
  readonly inspectBucket?: boolean;

  /**
   * Whether the function reads the configuration of the distributions: which paths lead to the buckets, with which origin path,
   * root object and cache key, and what else a wildcard would evict. It takes `cloudfront:GetDistributionConfig` on them, and
   * `cloudfront:GetCachePolicyConfig`. Without, it goes by the options alone, and takes each bucket for the whole distribution.
   *
   * @default true
   */
  readonly readDistribution?: boolean;

  /**
   * Whether other apps may have paths and cache tags of the distributions invalidated: by a message to the queue, `{ "invalidate": {
   * "distribution": "E123EXAMPLE", "paths": ["/a"], "tags": ["product:7"] } }`, for which `grantRequestInvalidations()` is, or by the
   * same as the detail of an event `Invalidation Requested` on the default event bus of the account.
   *
   * @default false
   */
  readonly requests?: boolean;

  /**
   * Everything but the call of CloudFront: what would be invalidated, and its price, is logged as `Dry run`; messages are
   * acknowledged and nothing is invalidated, so everything stays as stale as it would be without an invalidator. The
   * function may not even create invalidations then.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * The event bus that is told of each invalidation, when CloudFront accepts it and when its completion is seen: events of the
   * source `cloudfront-invalidator` and the detail types `Invalidation Accepted` and `Invalidation Completed`. The account's
   * default bus is `EventBus.fromEventBusName(this, 'Bus', 'default')`. A dry run tells nothing.
   *
   * @default - nobody is told
   */
  readonly eventBus?: IEventBus;

  /**
   * A customer managed key that encrypts both queues. The ledger, which holds no more than paths, stays under DynamoDB's own
   * key. What S3, EventBridge and the function may do with your key is added to the policy of a key of this app; to an
   * imported key's add it yourself: `kms:GenerateDataKey` and `kms:Decrypt` for `s3.amazonaws.com`, or for
   * `events.amazonaws.com` with `ChangeEvents.EVENTBRIDGE`. A key of the invalidator's region; an alias will do. What EventBridge could
   * not deliver stays under SQS's own key, for it may be yours that denied.
   *
   * @default - SQS encrypts them with a key of its own
   */
  readonly encryptionKey?: IKey;

  /**
   * A customer managed key of the invalidator's region that encrypts the function's log. What CloudWatch Logs may do with it is added
   * to the policy of a key of this app. To an imported key's, add it yourself: `kms:Encrypt*`, `kms:Decrypt*`, `kms:ReEncrypt*`,
   * `kms:GenerateDataKey*` and `kms:Describe*` for `logs.REGION.amazonaws.com`. Without it the deployment fails.
   *
   * @default - CloudWatch Logs encrypts the log with a key of its own
   */
  readonly logEncryptionKey?: IKey;

  /**
   * The VPC that the function runs in, if your rules demand one. The function calls the API of CloudFront, so its subnets need a route
   * to the internet, such as a NAT gateway. It also calls S3 and DynamoDB, for which gateway endpoints do.
   *
   * @default - none: Lambda's own network
   */
  readonly vpc?: IVpc;

  /**
   * The subnets of the `vpc` that the function runs in.
   *
   * @default - private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the function in the `vpc`. It takes no connections, and opens HTTPS connections.
   *
   * @default - a new one that allows all outbound traffic
   */
  readonly securityGroups?: ISecurityGroup[];

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
   * The topic that the alarms notify when they go off, and when they are over: a standard topic of the invalidator's region. What
   * CloudWatch needs is added to the policies of a topic of this app and of its key; to those of an imported one add it yourself.
   *
   * @default - nowhere: they show on the dashboard
   */
  readonly alarmTopic?: ITopic;

  /**
   * Paths in a day above which an alarm goes off. Beyond the free ones each path costs $0.005, so 200 are $1. It limits nothing:
   * `maxPathsPerDay` does.
   *
   * @default - 200, or `maxPathsPerDay` if that is less
   */
  readonly pathsPerDayBudget?: number;
}
