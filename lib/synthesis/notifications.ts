import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { identityIn } from './bucket-identity';
import { isOfType, isRecord, type Rendering } from './rendering';

/** What a resource of the app makes a bucket tell of. */
export interface Notifications {
  readonly resource: CfnResource;
  readonly bucket: string;
  /** Whether whatever else is configured for the bucket goes, by whomever. */
  readonly replacesOthers: boolean;
  readonly hasEventBridge: boolean;
  readonly configurations: readonly Configuration[];
}

/** One of S3's notification configurations, as the template has it. */
export interface Configuration {
  readonly events: readonly string[];
  readonly filters: Readonly<Record<string, unknown>>;
  /** ARN of the queue, topic or function. */
  readonly destination: unknown;
}

/** All of the app: the custom resources by which CDK configures them, and what buckets have of CloudFormation's own property. */
export function notificationsIn(app: IConstruct, rendering: Rendering): Notifications[] {
  return app.node.findAll().flatMap((resource) => {
    const isBucket = isOfType(resource, 'AWS::S3::Bucket');
    if (!isBucket && !isOfType(resource, 'Custom::S3BucketNotifications')) return [];
    const { NotificationConfiguration: all, BucketName, Managed } = rendering.properties(resource) ?? {};
    if (!isRecord(all)) return [];
    return {
      resource,
      bucket: identityIn(isBucket ? rendering.value(resource, resource.ref) : BucketName, resource, rendering),
      replacesOthers: isBucket || Managed !== false,
      hasEventBridge: 'EventBridgeConfiguration' in all,
      configurations: Object.values(all).flatMap((each) => (Array.isArray(each) ? each.map(toConfiguration) : [])),
    };
  });
}

/** CDK writes them as S3's API does, with lists of events and `Key.FilterRules`; CloudFormation with `Event` and `S3Key.Rules`. */
function toConfiguration(one: Readonly<Record<string, object>>): Configuration {
  const { Event, Events, Filter, Id: _, ...others } = one;
  const rules = Object.values(Object.values(Filter ?? {})[0] ?? {})[0] as
    | { Name: string; Value: unknown }[]
    | undefined;
  return {
    events: [Events ?? Event].flat().map(String),
    filters: Object.fromEntries((rules ?? []).map(({ Name, Value }) => [Name.toLowerCase(), Value])),
    destination: Object.values(others)[0],
  };
}

/** Whether S3 refuses them together: some object, and some event, would be of both. As far as it is known at synthesis. */
export function areAmbiguous(a: Configuration, b: Configuration): boolean {
  const reversed = (text: unknown) => (typeof text === 'string' ? [...text].reverse().join('') : text);
  return (
    a.events.some((one) => b.events.some((other) => overlap(one.replace('*', ''), other.replace('*', '')))) &&
    overlap(a.filters.prefix, b.filters.prefix) &&
    overlap(reversed(a.filters.suffix), reversed(b.filters.suffix))
  );
}

function overlap(a: unknown = '', b: unknown = ''): boolean {
  if (a === '' || b === '' || JSON.stringify(a) === JSON.stringify(b)) return true;
  return typeof a === 'string' && typeof b === 'string' && (a.startsWith(b) || b.startsWith(a));
}
