const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  [365 * DAY, 'year'],
  [30 * DAY, 'month'],
  [7 * DAY, 'week'],
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
] as const;

const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });

const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' });

/** How long ago an ISO 8601 date was: `3 days ago`. Empty when it is no date. */
export function ago(iso: string, now: Date = new Date()): string {
  const then = new Date(iso).getTime();
  if (Number.isNaN(then)) return '';
  const seconds = (then - now.getTime()) / 1000;
  for (const [size, unit] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return 'just now';
}

/** The date and time in full, for a tooltip. Empty when it is no date. */
export function exactDate(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : exact.format(date);
}

/** The mark of what is known since a moment, in milliseconds since 1970; nothing for `null`. */
export function knownSince(moment: number | null, now: Date = new Date()) {
  if (moment === null) return { words: '', title: '' };
  const date = new Date(moment).toISOString();
  return { words: `From ${ago(date, now)}`, title: `As the Hub said on ${exactDate(date)}` };
}

const sameDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

const otherDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** A moment of the next days as a clock shows it: `14:05`, or `Sat 14:05`. Empty when it is no date. */
export function clockTime(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return date.toDateString() === now.toDateString() ? sameDay.format(date) : otherDay.format(date);
}
