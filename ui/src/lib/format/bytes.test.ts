import { expect, it } from 'vitest';
import { bytes, exactBytes, speed } from './bytes';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [99_940, '99.9 kB'],
  [99_960, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [4_912_345_678, '4.9 GB'],
  [2 ** 53, '9.0 PB'],
])('%d is %s', (count, words) => {
  expect(bytes(count)).toBe(words);
});

it('keeps the exact size for those who ask', () => {
  expect(exactBytes(4_912_345_678)).toBe('4,912,345,678 bytes');
  expect(exactBytes(1)).toBe('1 byte');
});

it('names a speed, and the absence of one', () => {
  expect(speed(42_000_000)).toBe('42.0 MB/s');
  expect(speed(0)).toBe('0');
});
