import { describe, expect, it } from 'vitest';
import type { Transfer } from '$lib/api/bindings';
import { numbers, progress, standing } from './transfer-words';

const transfer = (also: Partial<Transfer>): Transfer => ({
  id: 1,
  repo: { kind: 'model', name: 'a/b' },
  revision: 'main',
  state: 'running',
  stage: 'downloading',
  waitingFor: null,
  endpoint: 'https://hub.example',
  signInAt: null,
  filesTotal: 12,
  filesDone: 3,
  bytesTotal: 4_900_000_000,
  bytesDone: 1_200_000_000,
  bytesPerSecond: 42_000_000,
  secondsLeft: 88,
  folder: null,
  error: null,
  ...also,
});

describe('a transfer in words', () => {
  it('says all its numbers while it runs', () => {
    expect(standing(transfer({}))).toBe('Downloading');
    expect(numbers(transfer({}))).toBe('1.2 GB of 4.9 GB, 3 of 12 files, 42.0 MB/s, 2 min left');
    expect(progress(transfer({}))).toBeCloseTo(0.245, 3);
  });

  it('does not guess before its size is known', () => {
    const early = transfer({
      stage: 'listing',
      bytesTotal: 0,
      bytesDone: 0,
      filesTotal: 0,
      filesDone: 0,
      bytesPerSecond: 0,
      secondsLeft: null,
    });
    expect(standing(early)).toBe('Listing files');
    expect(numbers(early)).toBe('');
    expect(progress(early)).toBeNull();
  });

  it('says what there is when it is done, and no speed', () => {
    const done = transfer({ state: 'done', bytesDone: 4_900_000_000, filesDone: 12 });
    expect(standing(done)).toBe('Done');
    expect(numbers(done)).toBe('4.9 GB, 12 files');
    expect(progress(done)).toBe(1);
  });

  it('is done even when nothing had to be fetched', () => {
    expect(progress(transfer({ state: 'done', bytesTotal: 0, bytesDone: 0 }))).toBe(1);
  });

  it('keeps how far it came when it stops', () => {
    const stopped = transfer({ state: 'cancelled' });
    expect(numbers(stopped)).toBe('1.2 GB of 4.9 GB, 3 of 12 files');
    expect(progress(transfer({ state: 'failed', bytesTotal: 0 }))).toBe(0);
  });
});
