import { describe, expect, it } from 'vitest';
import type { LimitWindow, TransferSettings } from '$lib/api/bindings';
import { LimitsForm, MOST_WINDOWS } from './limits-form.svelte';

const night: LimitWindow = {
  days: [6, 7],
  from: '22:00',
  to: '06:00',
  downloadLimit: 2e6,
  uploadLimit: null,
};

const form = (also: Partial<TransferSettings> = {}) => {
  const kept: TransferSettings = {
    atOnce: 3,
    downloadLimit: 5e6,
    uploadLimit: null,
    schedule: [night],
    xetMemoryMiB: 128,
    mayReportXet: false,
    notify: true,
    inTray: false,
    ...also,
  };
  return new LimitsForm(() => kept);
};

describe('limits and their schedule', () => {
  it('are at first what is kept, and can be put back to it', () => {
    const limits = form();
    expect(limits.isChanged).toBe(false);
    limits.down = { text: '', unit: 'MB/s' };
    limits.remove(limits.windows[0]?.id ?? 0);
    expect(limits.isChanged).toBe(true);
    expect(limits.value).toEqual({ downloadLimit: null, uploadLimit: null, schedule: [] });
    limits.reset();
    expect(limits.isChanged).toBe(false);
    expect(limits.value?.schedule).toEqual([night]);
  });

  it('cannot be kept while a window has no day, no time or no sensible limit', () => {
    const limits = form({ schedule: [] });
    const window = limits.add();
    expect(limits.value?.schedule).toHaveLength(1);
    for (const day of [1, 2, 3, 4, 5]) window.toggleDay(day);
    expect(window.problem).toContain('day');
    expect(limits.value).toBeUndefined();
    window.toggleDay(3);
    expect(limits.value?.schedule[0]?.days).toEqual([3]);
    window.to = '';
    expect(window.problem).toContain('when');
    window.to = '03:00';
    window.up = { text: 'much', unit: 'MB/s' };
    expect(limits.value).toBeUndefined();
  });

  it('have so many windows at most', () => {
    const limits = form({ schedule: [] });
    while (limits.canAdd) limits.add();
    expect(limits.windows).toHaveLength(MOST_WINDOWS);
    expect(new Set(limits.windows.map(({ id }) => id)).size).toBe(MOST_WINDOWS);
  });
});
