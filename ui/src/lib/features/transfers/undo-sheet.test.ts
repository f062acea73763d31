import { expect, it } from 'vitest';
import type { UndoPlan, UploadResult } from '$lib/api/bindings';
import { FakePlatform } from '$lib/state/fake-platform';
import { transfer } from '$lib/state/fake-transfers';
import { Toasts } from '$lib/state/toasts.svelte';
import { UndoSheet } from './undo-sheet.svelte';

const upload = transfer({ id: 5, kind: 'upload', state: 'done', title: 'a/b' });
const plan = { id: 7, removed: 1, restored: 0, broughtBack: 0 } as UndoPlan;
const result = { commits: [{ id: '1', url: 'c' }] } as UploadResult;
const trouble = {
  code: 'conflict',
  message: 'Others were there.',
  hint: null,
  requestId: null,
} as const;

function world() {
  const platform = new FakePlatform();
  const toasts = new Toasts();
  return { platform, toasts, sheet: new UndoSheet(platform, toasts) };
}

it('shows what would be done, does it when that is confirmed, and says so', async () => {
  const { platform, toasts, sheet } = world();
  sheet.open(upload);
  expect(platform.question()).toMatchObject({ command: 'plan_undo', request: { id: 5 } });
  await platform.question().answer(plan);
  expect(sheet.plan).toBe(plan);
  expect(platform.asked).toHaveLength(1);
  const confirmed = sheet.confirm();
  expect(platform.question()).toMatchObject({ command: 'run_undo', request: { id: 7 } });
  await platform.question().answer(result);
  await confirmed;
  expect(sheet.done).toBe(result);
  expect(toasts.items).toHaveLength(0);
});

it('is said elsewhere when the dialog was closed meanwhile', async () => {
  const { platform, toasts, sheet } = world();
  sheet.open(upload);
  await platform.question().answer(plan);
  const confirmed = sheet.confirm();
  sheet.close();
  await platform.question().answer(result);
  await confirmed;
  expect(toasts.items[0]?.text).toBe('The upload of a/b was taken back');
});

it('looks again when others were faster', async () => {
  const { platform, sheet } = world();
  sheet.open(upload);
  await platform.question().answer(plan);
  const confirmed = sheet.confirm();
  await platform.question().fail(trouble);
  await confirmed;
  expect(sheet.doing.error).toEqual(trouble);
  void sheet.look();
  expect(sheet.doing.error).toBeUndefined();
  expect(sheet.plan).toBeUndefined();
  await platform.question().answer({ ...plan, id: 8 });
  expect(sheet.plan?.id).toBe(8);
});

it('takes no answer that belongs to another upload', async () => {
  const { platform, sheet } = world();
  sheet.open(upload);
  sheet.close();
  sheet.open(transfer({ id: 6, kind: 'upload', state: 'done' }));
  await platform.question(0).answer(plan);
  expect(sheet.plan).toBeUndefined();
  await platform.question(1).answer({ ...plan, id: 9 });
  expect(sheet.plan?.id).toBe(9);
});
