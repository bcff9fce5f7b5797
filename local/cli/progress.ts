import { count, type Report } from './report';

/** Milliseconds between two looks at how far something is. */
const INTERVAL = 200;

/** Milliseconds before the time that is left can be told from what is done. */
const TOO_SOON = 1_000;

/** `Uploading: 1,000 of 50,000 objects, 2 %, 49 s left` */
export function progressText(doing: string, done: number, total: number, elapsed: number): string {
  const percent = Math.floor((100 * done) / total);
  const left = Math.ceil((((total - done) / done) * elapsed) / 1_000);
  const soFar = `${doing}: ${done.toLocaleString('en')} of ${count(total, 'object')}, ${percent} %`;
  return done === 0 || elapsed < TOO_SOON ? soFar : `${soFar}, ${duration(left)} left`;
}

/** `49 s`, `3 min 20 s` */
function duration(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Says how far something is, on one line.
 *
 * @param doing what is done, such as `Uploading`
 * @returns to be called whenever some more is done
 */
export function progressOf(
  doing: string,
  report: Pick<Report, 'progress'>,
  now: () => number = Date.now,
): (done: number, total: number) => void {
  const began = now();
  let toldAt = began;
  return (done, total) => {
    const at = now();
    if (at - toldAt < INTERVAL || done >= total) return;
    toldAt = at;
    report.progress(progressText(doing, done, total, at - began));
  };
}
