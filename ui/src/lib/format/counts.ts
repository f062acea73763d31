/** A count for people: `12.3k`. */
export function count(value: number): string {
  if (value < 1000) return String(value);
  for (const [size, suffix] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    // 999,950 reads "1.0M", not "1000.0k".
    if (value >= size * 0.99995) {
      const scaled = value / size;
      return `${scaled.toFixed(scaled >= 99.95 ? 0 : 1)}${suffix}`;
    }
  }
  return String(value);
}

/** The same to the last one: `12,345`. */
export function exactCount(value: number): string {
  return value.toLocaleString('en-GB');
}

/** A count with its noun: `1 file`, `12 files`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${exactCount(value)} ${value === 1 ? one : many}`;
}
