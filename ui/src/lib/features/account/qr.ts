/** Light modules around the code, without which cameras do not find it. */
const QUIET = 4;

/** A QR code as one SVG path, and the side of the square it needs; one unit is one module. */
export function qrPath(rows: readonly string[]): { path: string; side: number } {
  const path = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(
      ({ index, 0: run }) => `M${index + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}z`,
    ),
  );
  return { path: path.join(''), side: rows.length + 2 * QUIET };
}
