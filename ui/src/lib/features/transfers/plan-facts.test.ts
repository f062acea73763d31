import { expect, it } from 'vitest';
import type { DownloadPlan } from '$lib/api/bindings';
import { planFacts } from './plan-facts';

const plan: DownloadPlan = {
  commit: '0123456789abcdef0123456789abcdef01234567',
  files: 12,
  bytes: 9e9,
  filesHere: 2,
  bytesToFetch: 6e9,
  bytesSpace: 7e9,
  bytesFree: 10e9,
  volume: '/home',
  requests: 14,
  folder: '/cache/models--a--b',
  conflicts: [],
  conflictsTotal: 0,
};

const values = (change: Partial<DownloadPlan>) =>
  planFacts({ ...plan, ...change }, 'main').map(({ value }) => value);

it('says in numbers what a download would do', () => {
  expect(values({})).toEqual([
    'main, at 0123456',
    '12 files, 9.0 GB',
    '2 files',
    '6.0 GB, at most 14 requests',
    '7.0 GB',
    '3.0 GB on /home',
    '/cache/models--a--b',
  ]);
});

it('has nothing to fetch where all is here, and no room where it does not fit', () => {
  expect(values({ bytesToFetch: 0, filesHere: 12 })).toContain('Nothing: all of it is here');
  const none = { files: 0, bytes: 0, filesHere: 0, bytesToFetch: 0 };
  expect(values(none)[3]).toBe('Nothing');
  const room = planFacts({ ...plan, bytesFree: 1e9 }, 'main').find(({ is }) => is === 'obstacle');
  expect(room).toMatchObject({ name: 'Free space left after', value: 'None' });
});
