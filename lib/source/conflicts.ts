import { Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { ChangeEvents } from '../change-events';
import { isOwned } from '../ownership';
import { identityOf } from '../synthesis/bucket-identity';
import { error, type Finding, listed, warning } from '../synthesis/finding';
import { areAmbiguous, type Configuration, type Notifications, notificationsIn } from '../synthesis/notifications';
import { pathOf, type Rendering } from '../synthesis/rendering';
import type { WatchedBucket } from './change-source';

/** Each of CDK's resources puts, or removes, a bucket's notifications as though no other of the stack did; or of anybody. */
const ONCE = (others: string) =>
  `must have its notifications configured once, but ${others} configures them, too, and one removes what the other configured: create it or import it once, and pass that construct to all that notify of it; in another stack, import it and set events to eventbridge`;
const TWICE = (other: string) =>
  `must not notify of the same objects twice, which S3 refuses: ${other}, has them already; set events to eventbridge, give both prefixes that do not overlap, or have one invalidator with all these origins`;
const TOO_MANY = `must have at most 100 notification configurations, of which each prefix takes three: state fewer, wider prefixes, or set events to eventbridge`;
const TOO_LONG = `must have at most 1024 characters as S3 takes it, all but its safe characters encoded: state a shorter one, or set events to eventbridge`;
const UNCHECKED = `is imported, so nobody checks whether it sends its events to EventBridge. If it does not, nothing is invalidated, and nothing fails: switch it on, as docs/buckets.md of the package says`;
const REPLACES = `loses the notifications that other apps, or people, have configured for it when EventBridge is switched on (aws-cdk#30607). If there are any, set the feature flag @aws-cdk/aws-s3:keepNotificationInImportedBucket`;

/** Where others of the app configure the notifications of the same buckets, and what S3, or nobody, makes of that. */
export function conflictsOf(watched: readonly WatchedBucket[], queue: IQueue, rendering: Rendering): Finding[] {
  const everywhere = notificationsIn(queue.node.root, rendering);
  const queueArn = JSON.stringify(rendering.value(queue, queue.queueArn));
  const isOurs = ({ destination }: Configuration) => JSON.stringify(destination) === queueArn;
  return watched.flatMap(({ bucket, option, events }) => {
    const [name, path, isByEventBridge] = [`${option}.bucket`, bucket.node.path, events === ChangeEvents.EVENTBRIDGE];
    const identity = identityOf(bucket, rendering);
    const ofBucket = everywhere.filter((each) => each.bucket === identity);
    const own = ofBucket.find(({ resource }) => resource.node.path.startsWith(`${path}/Notifications/`));
    const isRival = (other: Notifications, { replacesOthers, resource }: Notifications) =>
      other.replacesOthers || replacesOthers || Stack.of(other.resource) === Stack.of(resource);
    const rivals = ofBucket.filter((other) => own && other !== own && isRival(other, own));
    const all = ofBucket.flatMap(({ configurations }) => configurations);
    const ours = isByEventBridge ? [] : all.filter(isOurs);
    const other = all.find((each) => !isOurs(each) && ours.some((one) => areAmbiguous(one, each)));
    const longest = Math.max(0, ...ours.map(({ filters }) => String(filters.prefix ?? '').length));
    const isUnchecked = isByEventBridge && !own && !ofBucket.some(({ hasEventBridge }) => hasEventBridge);
    const replacesOthers = isByEventBridge && isOwned(bucket) && own?.replacesOthers;
    return [
      rivals.length > 0 && error(name, ONCE(listed(rivals.map(({ resource }) => pathOf(resource)))), path),
      other && error(name, TWICE(described(other, rendering)), path),
      ours.length > 0 && all.length > 100 && error(name, TOO_MANY, all.length),
      longest > 1024 && error(`${option}.prefix`, TOO_LONG, longest),
      isUnchecked && warning('eventBridge', `${name}, ${bucket.bucketName}, ${UNCHECKED}`),
      replacesOthers && warning('replacesNotifications', `${name}, ${path}, ${REPLACES}`),
    ].filter((each) => typeof each === 'object');
  });
}

function described({ events, filters, destination }: Configuration, rendering: Rendering): string {
  const [target] = rendering.targetsIn(destination);
  return `${target ? pathOf(target) : JSON.stringify(destination)}, for ${events} of ${JSON.stringify(filters)}`;
}
