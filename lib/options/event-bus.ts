import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { OptionError } from './option-error';

/** What JavaScript may give in place of a bus, such as its name. */
export function checkEventBus(bus: IEventBus): IEventBus {
  if (typeof bus.eventBusArn === 'string') return bus;
  throw new OptionError(
    'eventBus',
    'must be an event bus, such as EventBus.fromEventBusName(this, "Bus", "default")',
    bus,
  );
}

/** EventBridge's rule for the names of buses that are made by their owner, and the account's own. */
export function checkEventBusName(value: string, option = 'eventBusName'): string {
  if (/^[/.\-_A-Za-z0-9]{1,256}$/.test(value)) return value;
  throw new OptionError(option, 'must be the name of an event bus, such as "default"', value);
}
