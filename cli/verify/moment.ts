/** A point in time, in ms: so long ago, or since the epoch. */
export type Moment = { readonly ago: number } | { readonly at: number };

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** With a zone: without one, it would be another time on each machine. */
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** `90s`, `5m`, `1h`, `2d`, in ms. @throws an Error that names the option, the rule and the value */
export function readDuration(text: string, option: string): number {
  const duration = durationOf(text);
  if (duration !== undefined) return duration;
  throw new Error(`${option} must be a duration, such as 90s, 5m, 1h or 2d, but it is "${text}".`);
}

/** A duration ago, or a time. @throws an Error that names the option, the rule and the value */
export function readMoment(text: string, option: string): Moment {
  const ago = durationOf(text);
  if (ago !== undefined) return { ago };
  // Date.parse wants a colon in the zone, which `date +%z` leaves out.
  const at = ISO.test(text) ? Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')) : Number.NaN;
  if (!Number.isNaN(at)) return { at };
  throw new Error(
    `${option} must be a duration, such as 90s, 5m, 1h or 2d, or a time with its zone, such as 2026-11-23T08:00:00Z, ` +
      `but it is "${text}".`,
  );
}

/** @param now in ms since the epoch, as the result is */
export function timeOf(moment: Moment, now: number): number {
  return 'ago' in moment ? now - moment.ago : moment.at;
}

function durationOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? Number.NaN);
}
