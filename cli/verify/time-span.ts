/** When something happened, as far as it is known, in ms since the epoch. */
export interface TimeSpan {
  readonly earliest: number;
  readonly latest: number;
}

const SECOND = 1_000;

/**
 * What a time that S3 or CloudFront tells stands for. One in whole seconds was rounded, and neither says whether up or down: S3 has
 * been seen to do either.
 */
export function spanOf(time: number): TimeSpan {
  return time % SECOND === 0
    ? { earliest: time - SECOND + 1, latest: time + SECOND - 1 }
    : { earliest: time, latest: time };
}

/** From one time until another one, or the same. */
export function fromTo({ earliest, latest }: TimeSpan, until: TimeSpan): TimeSpan {
  return { earliest, latest: Math.max(latest, until.latest) };
}
