/** The patterns in what was typed: parted by spaces, commas and lines. */
export function patternsIn(typed: string): string[] {
  return [...new Set(typed.split(/[\s,]+/).filter(Boolean))];
}
