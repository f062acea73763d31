const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size for people, in decimal units as disks and the Hub count: `4.9 GB`. */
export function bytes(count: number): string {
  if (count === 1) return '1 byte';
  let value = count;
  let unit = 0;
  // 999.5 would be rounded to "1000" in the smaller unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}

/** The same to the byte, for a tooltip: `4,912,345,678 bytes`. */
export function exactBytes(count: number): string {
  return count === 1 ? '1 byte' : `${count.toLocaleString('en-GB')} bytes`;
}

/** A speed: `42 MB/s`; `0` when nothing moves. */
export function speed(bytesPerSecond: number): string {
  return bytesPerSecond === 0 ? '0' : `${bytes(bytesPerSecond)}/s`;
}
