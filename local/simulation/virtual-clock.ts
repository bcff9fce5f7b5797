import type { Clock } from '../../lambda/dispatch/clock';
import type { VirtualTime } from './virtual-time';

/** The clock of an execution environment in virtual time. @param skew how far it is ahead, in ms */
export function virtualClock(time: VirtualTime, skew = 0): Clock {
  return {
    now: () => time.now() + skew,
    deadline(ms) {
      const controller = new AbortController();
      time.at(time.now() + ms, () => controller.abort());
      return controller.signal;
    },
    pause: time.pause,
  };
}
