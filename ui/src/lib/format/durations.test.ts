import { expect, it } from 'vitest';
import { countdown, timeLeft } from './durations';

it.each([
  [0.4, 'less than a second left'],
  [12.2, '13 s left'],
  [60, '1 min left'],
  [170, '3 min left'],
  [3600, '1 h left'],
  [5400, '1 h 30 min left'],
  [200_000, '2 days left'],
])('%d seconds are %s', (seconds, words) => {
  expect(timeLeft(seconds)).toBe(words);
});

it.each([
  [42, '42 s'],
  [120, '2 min'],
  [125, '2 min 5 s'],
])('a wait of %d seconds is counted as %s', (seconds, words) => {
  expect(countdown(seconds)).toBe(words);
});
