import { expect, it } from 'vitest';
import { count, counted, exactCount } from './counts';

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1.0k'],
  [12_345, '12.3k'],
  [123_456, '123k'],
  [999_960, '1.0M'],
  [4_500_000, '4.5M'],
  [1_200_000_000, '1.2B'],
])('%d is %s', (value, words) => {
  expect(count(value)).toBe(words);
});

it('groups the digits of an exact count', () => {
  expect(exactCount(1_234_567)).toBe('1,234,567');
});

it('agrees with its noun', () => {
  expect(counted(1, 'file')).toBe('1 file');
  expect(counted(1200, 'file')).toBe('1,200 files');
  expect(counted(2, 'repository', 'repositories')).toBe('2 repositories');
});
