/** When something happened, as far as it is known, in ms since the epoch. */
export interface TimeSpan {
  readonly earliest: number;
  readonly latest: number;
}

const SECOND = 1_000;

/**
 * What times stand for that S3 or CloudFront tell in one answer. If all of them are whole seconds, they were rounded, and neither says
 * whether up or down: S3 has been seen to do either. Else they are in ms.
 */
export function spansOf(times: readonly number[]): (time: number) => TimeSpan {
  return times.some((time) => time % SECOND !== 0) ? exactly : rounded;
}

/** As {@link spansOf}, of a time that stands alone. */
export function spanOf(time: number): TimeSpan {
  return spansOf([time])(time);
}

function exactly(time: number): TimeSpan {
  return { earliest: time, latest: time };
}

function rounded(time: number): TimeSpan {
  return { earliest: time - SECOND + 1, latest: time + SECOND - 1 };
}

/** From one time until another one, or the same. */
export function fromTo({ earliest, latest }: TimeSpan, until: TimeSpan): TimeSpan {
  return { earliest, latest: Math.max(latest, until.latest) };
}
