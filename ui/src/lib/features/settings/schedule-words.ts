import type { LimitWindow } from '$lib/api/bindings';
import { speed } from '$lib/format/bytes';

/** Monday first, as the days of a window are numbered. */
export const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

export const DAY_NAMES = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** Days in a few words: `Mon–Fri`, `Sat, Sun`, `every day`. */
export function dayWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b);
  if (sorted.length === DAYS.length) return 'every day';
  const runs: number[][] = [];
  for (const day of sorted) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs.map(runWords).join(', ');
}

function runWords(run: readonly number[]): string {
  const names = run.map((day) => DAYS[day - 1] ?? '');
  return names.length > 2 ? `${names[0] ?? ''}–${names.at(-1) ?? ''}` : names.join(', ');
}

/** When a window is: `Mon–Fri, 22:00 to 06:00 of the next day`. */
export function windowWords({ days, from, to }: LimitWindow): string {
  return `${dayWords(days)}, ${from} to ${to}${to <= from ? ' of the next day' : ''}`;
}

/** What holds in a window: `↓ 2.0 MB/s, ↑ no limit`. */
export function limitWords({ downloadLimit, uploadLimit }: LimitWindow): string {
  const words = (limit: number | null) => (limit === null ? 'no limit' : speed(limit));
  return `Down ${words(downloadLimit)}, up ${words(uploadLimit)}`;
}
