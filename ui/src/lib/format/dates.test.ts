import { expect, it } from 'vitest';
import { ago, exactDate, knownSince } from './dates';

const now = new Date('2026-06-15T12:00:00Z');

it.each([
  ['2026-06-15T11:59:30Z', 'just now'],
  ['2026-06-15T11:55:00Z', '5 minutes ago'],
  ['2026-06-15T09:00:00Z', '3 hours ago'],
  ['2026-06-14T11:00:00Z', 'yesterday'],
  ['2026-06-12T12:00:00Z', '3 days ago'],
  ['2026-06-01T12:00:00Z', '2 weeks ago'],
  ['2026-03-15T12:00:00Z', '3 months ago'],
  ['2024-06-01T12:00:00Z', '2 years ago'],
  ['2026-06-15T12:00:20Z', 'just now'],
  ['nonsense', ''],
])('%s is %s', (iso, words) => {
  expect(ago(iso, now)).toBe(words);
});

it('keeps the exact date for those who ask', () => {
  expect(exactDate('2026-06-15T12:00:00Z')).toContain('15 June 2026');
  expect(exactDate('nonsense')).toBe('');
});

it('marks what is known since a while, and nothing that is as it is now', () => {
  const { words } = knownSince(now.getTime() - 3 * 3600 * 1000, now);
  expect(words).toBe('From 3 hours ago');
  expect(knownSince(null).words).toBe('');
});
