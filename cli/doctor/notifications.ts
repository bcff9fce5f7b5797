import type { Destination, Notifications } from './examine';

/** Whether something that is surely not the invalidator's queue hears of changes already. S3 takes no second one for the same event. */
export function isTaken(notifications: Notifications | undefined): boolean {
  return notifications?.destinations.some(({ kind, events }) => kind !== 'queue' && events.some(isChange)) ?? false;
}

/** What keeps the invalidator from hearing of changes: a sentence each. */
export function inTheWay(bucket: string, notifications: Notifications | undefined): string[] {
  if (!isTaken(notifications) || notifications?.eventBridge) return [];
  return [
    `The notifications of bucket ${bucket} go elsewhere already, and EventBridge is off: nobody would hear of changes. ` +
      'Switch EventBridge on (Bucket → Properties → Event notifications), and set events to eventbridge',
  ];
}

/** To whom a bucket reports changes: a sentence for each destination, and one for EventBridge. */
export function notesOnNotifications(bucket: string, { destinations, eventBridge }: Notifications): string[] {
  const taken = destinations.filter(({ events }) => events.some(isChange));
  return [
    ...byDestination(taken).map(
      ({ kind, arn, events }) =>
        `Bucket ${bucket} reports ${events.join(', ')} to ${kind} ${arn}` +
        (kind === 'queue' ? ". Unless that is the invalidator's queue, set events to eventbridge" : ''),
    ),
    `EventBridge is ${eventBridge ? 'on' : 'off'} for bucket ${bucket}` +
      (eventBridge || taken.length > 0 ? '' : ', which is needed only if events is eventbridge'),
  ];
}

/** A bucket has an entry for each event, or each filter. */
function byDestination(entries: readonly Destination[]): Destination[] {
  const destinations = new Map<string, Destination>();
  for (const entry of entries) {
    const { events = [] } = destinations.get(entry.arn) ?? {};
    destinations.set(entry.arn, { ...entry, events: [...new Set([...events, ...entry.events])] });
  }
  return [...destinations.values()];
}

function isChange(event: string): boolean {
  return /^s3:(ObjectCreated|ObjectRemoved|LifecycleExpiration):/.test(event);
}
