import { expect, it } from 'vitest';
import { shownRate, typedRate } from './rate';

it.each([null, 1000, 512_000, 1_000_000, 2_500_000, 12_345_000, 1_000_000_000])(
  'reads a limit of %s as it shows it',
  (limit) => {
    expect(typedRate(shownRate(limit))).toBe(limit);
  },
);

it('knows bits from bytes, and a comma from a point', () => {
  expect(typedRate({ text: '100', unit: 'Mbit/s' })).toBe(12_500_000);
  expect(typedRate({ text: ' 1,5 ', unit: 'MB/s' })).toBe(1_500_000);
});

it.each(['0', '-1', 'a lot', '1e9', '0.5', '99999999999'])('takes %s kB/s for no limit', (text) => {
  expect(typedRate({ text, unit: 'kB/s' })).toBeUndefined();
});
