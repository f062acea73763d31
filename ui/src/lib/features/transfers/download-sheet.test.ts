import { expect, it } from 'vitest';
import type { DownloadPlan } from '$lib/api/bindings';
import { type Choice, DownloadSheet, missingRoom } from './download-sheet.svelte';

const at = { repo: { kind: 'model', name: 'a/b' }, revision: 'main' } as const;
const sheet = (choice: Choice) =>
  new DownloadSheet(
    () => at,
    () => choice,
  );

it('is about what is ticked, if something is', () => {
  const some = sheet({ paths: ['x'], files: 1 });
  some.open();
  expect(some.request).toEqual({ ...at, paths: ['x'] });
  some.what = 'everything';
  expect(some.request).toEqual({ ...at, paths: null });
});

it.each<Choice>([
  { paths: [], files: 0 },
  { paths: null, files: 12 },
])('is about everything when nothing or everything is ticked', (choice) => {
  const all = sheet(choice);
  all.open();
  expect(all.hasChoice).toBe(false);
  expect(all.request?.paths).toBeNull();
});

it('asks nothing while it is closed', () => {
  expect(sheet({ paths: ['x'], files: 1 }).request).toBeUndefined();
});

it('says how much room is missing', () => {
  const plan = { bytesToFetch: 100, bytesFree: 60 } as DownloadPlan;
  expect(missingRoom(plan)).toBe(40);
  expect(missingRoom({ ...plan, bytesFree: 100 })).toBe(0);
});
