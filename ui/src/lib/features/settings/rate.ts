/** Units a limit can be typed in. */
export type RateUnit = 'kB/s' | 'MB/s' | 'Mbit/s';

export const RATE_UNITS: Record<RateUnit, number> = {
  'kB/s': 1e3,
  'MB/s': 1e6,
  'Mbit/s': 1e6 / 8,
};

/** A limit as it is shown; a `text` that is empty is no limit. */
export interface TypedRate {
  readonly text: string;
  readonly unit: RateUnit;
}

/** Below this a transfer would never end; above it, nothing is limited. Bytes per second. */
const LEAST = 1000;
const MOST = 1e12;

/** Shows a limit in the unit that takes the fewest digits. */
export function shownRate(limit: number | null): TypedRate {
  if (limit === null) return { text: '', unit: 'MB/s' };
  const unit = limit >= RATE_UNITS['MB/s'] ? 'MB/s' : 'kB/s';
  return { text: String(Number((limit / RATE_UNITS[unit]).toFixed(3))), unit };
}

/** Reads a limit: bytes per second, `null` for none, `undefined` for what is no limit at all. */
export function typedRate({ text, unit }: TypedRate): number | null | undefined {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return null;
  const limit = /^\d+(\.\d+)?$/.test(typed) ? Math.round(Number(typed) * RATE_UNITS[unit]) : 0;
  return limit >= LEAST && limit <= MOST ? limit : undefined;
}
