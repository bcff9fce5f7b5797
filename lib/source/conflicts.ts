import { Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { isOwned } from '../ownership';
import { identityOf } from '../synthesis/bucket-identity';
import { error, type Finding, listed, warning } from '../synthesis/finding';
import { areAmbiguous, type Configuration, notificationsIn } from '../synthesis/notifications';
import { pathOf, type Rendering } from '../synthesis/rendering';
import type { WatchedBucket } from './change-source';

/** Where others of the app configure the notifications of the same buckets, and what S3, or nobody, makes of that. */
export function conflictsOf(watched: readonly WatchedBucket[], queue: IQueue, rendering: Rendering): Finding[] {
  const everywhere = notificationsIn(queue.node.root, rendering);
  const queueArn = JSON.stringify(rendering.value(queue, queue.queueArn));
  const isOurs = ({ destination }: Configuration) => JSON.stringify(destination) === queueArn;
  return watched.flatMap(({ bucket, option, events }) => {
    const { path } = bucket.node;
    const identity = identityOf(bucket, rendering);
    const ofBucket = everywhere.filter((each) => each.bucket === identity);
    const own = ofBucket.find(({ resource }) => resource.node.path.startsWith(`${path}/Notifications/`));
    const rivals = ofBucket.filter(
      (other) =>
        own !== undefined &&
        other !== own &&
        (other.replacesOthers || own.replacesOthers || Stack.of(other.resource) === Stack.of(own.resource)),
    );
    const all = ofBucket.flatMap(({ configurations }) => configurations);
    const ours = events === 'notifications' ? all.filter(isOurs) : [];
    const other = all.find((each) => !isOurs(each) && ours.some((one) => areAmbiguous(one, each)));
    const longest = Math.max(0, ...ours.map(({ filters }) => String(filters.prefix ?? '').length));
    const isUnchecked = events === 'eventbridge' && !own && !ofBucket.some(({ hasEventBridge }) => hasEventBridge);
    const replacesOthers = events === 'eventbridge' && isOwned(bucket) && own?.replacesOthers;
    const rule = (isBroken: unknown, rule: string, value: unknown, of = 'bucket') =>
      isBroken ? [error(`${option}.${of}`, rule, value)] : [];
    return [
      ...rule(
        rivals.length > 0,
        `must have its notifications configured once, but ${listed(rivals.map(({ resource }) => pathOf(resource)))} configures them, too, and one removes what the other configured: create it or import it once, and pass that construct to all that notify of it; in another stack, import it and set events: 'eventbridge'`,
        path,
      ),
      ...rule(
        other,
        `must not notify of the same objects twice, which S3 refuses: ${other && described(other, rendering)} has them already; set events: 'eventbridge', give both prefixes that do not overlap, or have one invalidator with all these origins`,
        path,
      ),
      ...rule(
        ours.length > 0 && all.length > 100,
        "must have at most 100 notification configurations, of which each prefix takes three: state fewer, wider prefixes, or events: 'eventbridge'",
        all.length,
      ),
      ...rule(
        longest > 1024,
        "must have at most 1024 characters as S3 takes it, all but its safe characters encoded: state a shorter one, or events: 'eventbridge'",
        longest,
        'prefix',
      ),
      ...(isUnchecked
        ? [
            warning(
              'eventBridge',
              `${option}.bucket, ${bucket.bucketName}, is imported, so nobody checks whether it sends its events to EventBridge. If it does not, nothing is invalidated, and nothing fails: switch it on, as docs/buckets.md of the package says`,
            ),
          ]
        : []),
      ...(replacesOthers
        ? [
            warning(
              'replacesNotifications',
              `${option}.bucket, ${path}: switching EventBridge on replaces the notifications that other apps, or people, have configured for it (aws-cdk#30607). If there are any, set the feature flag @aws-cdk/aws-s3:keepNotificationInImportedBucket`,
            ),
          ]
        : []),
    ];
  });
}

function described({ events, filters, destination }: Configuration, rendering: Rendering): string {
  const [target] = rendering.targetsIn(destination);
  return `${target ? pathOf(target) : JSON.stringify(destination)}, for ${events} of ${JSON.stringify(filters)},`;
}
