import type { Duration } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ChangeEvents } from './change-events';

/** A bucket behind a distribution, like an origin in CloudFront. */
export interface InvalidatorOrigin {
  /** The bucket whose changes invalidate. If several distributions serve it, name it once for each. */
  readonly bucket: IBucket;

  /** The distribution that serves the bucket's objects. */
  readonly distribution: IDistribution;

  /**
   * The id of a tenant of a multi-tenant distribution, such as `dt_2wjDZi3hD1ivOXf6rpZJO1AB` or a distribution tenant's `attrId`.
   * The tenant is then invalidated instead of the distribution. Name the bucket once for each tenant, with the tenant's `originPath`.
   * Each tenant has its own quota, its own ledger and its own share of `maxPathsPerDay`.
   *
   * @default - none: the distribution serves viewers itself
   */
  readonly tenant?: string;

  /**
   * Overrides the origin path, such as `/site`, which the distribution puts in front of every key. An empty text means none. Objects
   * outside of the origin path are not served, so S3 does not send their changes. A distribution of this app must agree with it.
   *
   * @default - each origin path that the distribution has for the bucket. If the distribution cannot be read, none
   */
  readonly originPath?: string;

  /**
   * A path that viewers have in front of the keys, such as `/assets` where `/assets/img/a.png` is the key `img/a.png`. Usually a
   * function at the edge removes it. All paths get it, those of index documents too. It has the form of an origin path.
   *
   * @default - read from the distribution, if no other behavior leads to the bucket. If the distribution cannot be read, none
   */
  readonly viewerPrefix?: string;

  /**
   * How the bucket reports its changes. For a bucket of this app, EventBridge is switched on where it is needed. For an imported
   * bucket, switch it on yourself: it is a property of the bucket.
   *
   * @default ChangeEvents.NOTIFICATIONS
   */
  readonly events?: ChangeEvents;

  /**
   * The prefix of the watched keys, such as `docs/`. It is a prefix of the key in the bucket: behind the origin path `/site` it is
   * `site/docs/`. Changes of other objects are not sent. If `originPath` is stated, the prefix must be within it.
   *
   * @default - the origin path, if it is stated. Otherwise every change is sent, and those of objects that are not served are ignored
   */
  readonly prefix?: string;

  /**
   * Objects that are never invalidated, as globs of their names relative to the origin path. `assets/**` excludes hashed assets, which
   * never change under their name. As in a `.gitignore`, the last glob that matches decides: `!assets/logo.png` takes that object back
   * in. At most two `**`, and two `*` between slashes. As in picomatch, `assets/**` also matches the name `assets`.
   *
   * @default - none
   */
  readonly exclude?: string[];

  /**
   * Overrides whether query strings are part of the cache key. If so, an object is invalidated with all its query strings, which takes
   * a wildcard for each: `/a.html*`. CloudFront accepts 15 wildcards in progress, so large batches become wider than without.
   *
   * @default - read from the cache policy of each behavior. If the distribution cannot be read, false
   */
  readonly queryStrings?: boolean;

  /**
   * Further paths that lead to an object, such as resized images and URLs that are rewritten at the edge. They are invalidated with the
   * object. The paths of an `indexDocument` need no rule.
   *
   * @default - none: objects are served under their keys
   */
  readonly aliases?: InvalidatorAlias[];
}

/** A rule that makes further paths, or cache tags, of an object from its key. At least one of both. */
export interface InvalidatorAlias {
  /**
   * The names that the rule is for, relative to the origin path: `images/{name}.jpg`. A placeholder `{name}` matches one or more
   * characters between slashes; `{name+}` matches slashes too. The first placeholder takes as much as it can.
   */
  readonly pattern: string;

  /**
   * The paths as viewers request them, with the placeholders of the pattern: `/resized/{name}-*`. Values of placeholders are encoded
   * like the paths of objects. A `*` at the end is a wildcard, of which CloudFront accepts 15 in progress.
   *
   * @default - none
   */
  readonly paths?: string[];

  /**
   * Cache tags that are invalidated with the object, without the `#`, with the placeholders of the pattern: `image:{name}`. Values of
   * placeholders are encoded by `encodeURIComponent`. If the distribution has a `CacheTagConfig`, a tag reaches every cached copy that
   * the origin has given it, whatever its URL. A tag costs as much as a path. It is visible ASCII without commas, 256 characters at
   * most.
   *
   * @default - none
   */
  readonly tags?: string[];
}

/** Properties of a {@link CloudFrontInvalidator}. */
export interface CloudFrontInvalidatorProps {
  /** What to invalidate: at least one origin. All origins share one queue and one function. */
  readonly origins: InvalidatorOrigin[];

  /**
   * How long changes are gathered before they are invalidated together. A longer window costs freshness, a shorter one costs paths.
   * Whole seconds, 0 to 300.
   *
   * @default Duration.seconds(20)
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * Overrides the document that the URL of a folder is answered with, in all distributions. `docs/index.html` is then invalidated as
   * `/docs/index.html`, `/docs/` and `/docs`, and the root's as `/index.html` and `/`. Use `none` where URLs of folders are not
   * answered.
   *
   * @default - the distribution's default root object, and for folders only where a website endpoint or a function can answer them.
   * If the distribution cannot be read, 'index.html'
   */
  readonly indexDocument?: string;

  /**
   * How many unchanged objects may be fetched from the bucket again to save one path. CloudFront bills $0.005 for a path, whatever it
   * matches. A wildcard saves paths, but evicts unchanged objects from the caches. Lower this if fetches from the origin are expensive.
   * Raise it if only CloudFront's bill counts.
   *
   * @default 100
   */
  readonly refetchesPerPath?: number;

  /**
   * The most paths in a day (UTC), over all distributions and tenants, which share it equally. A batch spends at most a tenth of what
   * is left of its share, so plans become wider as the share is used up. After that a single wildcard covers each batch. Nothing
   * becomes stale, and a day takes at most this many paths and one wildcard per batch. Requested paths and cache tags count, but are
   * always sent. A whole number, at least one per distribution
   * and tenant.
   *
   * @default - no limit
   */
  readonly maxPathsPerDay?: number;

  /**
   * Whether the function lists the buckets to see what a wildcard would evict from the caches. It needs `s3:ListBucket` on them.
   * Without it, the function plans by the changes alone: always enough, but often wider or more expensive.
   *
   * @default true
   */
  readonly inspectBucket?: boolean;

  /**
   * Whether the function reads the configuration of the distributions. It shows which paths lead to the buckets, the origin paths, the
   * root object, the cache keys, and what else a wildcard would evict. The function needs `cloudfront:GetDistributionConfig` and
   * `cloudfront:GetCachePolicyConfig`. Without it, only the options count, and a bucket is taken for the whole distribution.
   *
   * @default true
   */
  readonly readDistribution?: boolean;

  /**
   * Whether other apps may request invalidations of paths and cache tags. They send a message to the queue, `{ "invalidate": {
   * "distribution": "E123EXAMPLE", "paths": ["/a"], "tags": ["product:7"] } }`, for which `grantRequestInvalidations()` gives the
   * permission. Or they send the same as the detail of an event `Invalidation Requested` on the account's default event bus.
   *
   * @default false
   */
  readonly requests?: boolean;

  /**
   * Everything but the call of CloudFront. The log has a line `Dry run` with what would be invalidated, and its price. Messages are
   * acknowledged and nothing is invalidated, so everything stays as stale as without an invalidator. The function's role does not even
   * allow invalidations.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * The event bus that gets an event when CloudFront accepts an invalidation, and when its completion is seen. The source is
   * `cloudfront-invalidator`, the detail types are `Invalidation Accepted` and `Invalidation Completed`. The account's default bus is
   * `EventBus.fromEventBusName(this, 'Bus', 'default')`. A dry run sends no events.
   *
   * @default - no events are sent
   */
  readonly eventBus?: IEventBus;

  /**
   * A customer managed key, or an alias of one, that encrypts both queues. It must be in the invalidator's region. The policy of a key
   * of this app gets what S3, EventBridge and the function need. To an imported key's policy, add it yourself: `kms:GenerateDataKey`
   * and `kms:Decrypt` for `s3.amazonaws.com`, or for `events.amazonaws.com` with `ChangeEvents.EVENTBRIDGE`. Two things are not under
   * this key. The ledger holds nothing but paths. The queue of undelivered events stays readable if this key is what denied them.
   *
   * @default - SQS encrypts the queues with a key of its own
   */
  readonly encryptionKey?: IKey;

  /**
   * A customer managed key of the invalidator's region that encrypts the function's log. The policy of a key of this app gets what
   * CloudWatch Logs needs. To an imported key's policy, add it yourself, or the deployment fails: `kms:Encrypt*`, `kms:Decrypt*`,
   * `kms:ReEncrypt*`, `kms:GenerateDataKey*` and `kms:Describe*` for `logs.REGION.amazonaws.com`.
   *
   * @default - CloudWatch Logs encrypts the log with a key of its own
   */
  readonly logEncryptionKey?: IKey;

  /**
   * The VPC that the function runs in, if your rules demand one. The function calls CloudFront's API, so its subnets need an IPv4 route
   * to the internet, such as a NAT gateway. It also calls S3 and DynamoDB, for which gateway endpoints are enough.
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
   * The security groups of the function in the `vpc`. The function accepts no connections, and opens HTTPS connections only.
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
   * The topic that the alarms notify when they go off, and when they are over. It must be a standard topic of the invalidator's region.
   * The policies of a topic of this app, and of its key, get what CloudWatch needs. To those of an imported topic, add it yourself.
   *
   * @default - none: the alarms show on the dashboard
   */
  readonly alarmTopic?: ITopic;

  /**
   * Paths in a day above which an alarm goes off. Beyond the free paths each costs $0.005, so 200 cost $1. It limits nothing:
   * `maxPathsPerDay` does.
   *
   * @default - 200, or `maxPathsPerDay` if that is less
   */
  readonly pathsPerDayBudget?: number;
}
