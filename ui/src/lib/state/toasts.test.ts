import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Toasts } from './toasts.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('goes by itself, but not while it is held', () => {
  const toasts = new Toasts();
  toasts.show({ text: 'Started', tone: 'info' });
  toasts.hold();
  vi.advanceTimersByTime(60_000);
  expect(toasts.items).toHaveLength(1);
  toasts.release();
  vi.advanceTimersByTime(8000);
  expect(toasts.items).toHaveLength(0);
});

it('can be dismissed, leaving the others', () => {
  const toasts = new Toasts();
  toasts.show({ text: 'one', tone: 'info' });
  toasts.show({ text: 'two', tone: 'info' });
  toasts.dismiss(toasts.items[0]?.id ?? 0);
  expect(toasts.items.map((toast) => toast.text)).toEqual(['two']);
});

it('keeps a warning until it is dismissed', () => {
  const toasts = new Toasts();
  toasts.show({ text: 'Storage is almost full.', tone: 'warning' });
  toasts.show({ text: 'Started', tone: 'info' });
  toasts.hold();
  toasts.release();
  vi.advanceTimersByTime(60_000);
  expect(toasts.items.map(({ tone }) => tone)).toEqual(['warning']);
});

it('shows the same words once, for their full time', () => {
  const toasts = new Toasts();
  toasts.show({ text: 'Started', tone: 'info' });
  vi.advanceTimersByTime(5000);
  toasts.show({ text: 'Started', tone: 'info' });
  expect(toasts.items).toHaveLength(1);
  vi.advanceTimersByTime(5000);
  expect(toasts.items).toHaveLength(1);
});
