import { expect, it } from 'vitest';
import type { LimitWindow } from '$lib/api/bindings';
import { dayWords, limitWords, windowWords } from './schedule-words';

const night: LimitWindow = {
  days: [1, 2, 3, 4, 5],
  from: '22:00',
  to: '06:00',
  downloadLimit: 2e6,
  uploadLimit: null,
};

it.each([
  [[1, 2, 3, 4, 5], 'Mon–Fri'],
  [[7, 6], 'Sat, Sun'],
  [[1, 3, 4, 5, 7], 'Mon, Wed–Fri, Sun'],
  [[1, 2, 3, 4, 5, 6, 7], 'every day'],
])('says %o as %s', (days, words) => {
  expect(dayWords(days)).toBe(words);
});

it('says when a window ends on the next day, and what holds in it', () => {
  expect(windowWords(night)).toBe('Mon–Fri, 22:00 to 06:00 of the next day');
  expect(windowWords({ ...night, from: '09:00', to: '17:00' })).toBe('Mon–Fri, 09:00 to 17:00');
  expect(limitWords(night)).toBe('Down 2.0 MB/s, up no limit');
});
