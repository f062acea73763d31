import { expect, it } from 'vitest';
import type { ApiError } from '$lib/api/bindings';
import { FakePlatform } from '$lib/state/fake-platform';
import { board, transfer } from '$lib/state/fake-transfers';
import { Toasts } from '$lib/state/toasts.svelte';
import { TransferBoard } from '$lib/state/transfer-board.svelte';
import { TransferActions } from './transfer-actions.svelte';

function world() {
  const platform = new FakePlatform();
  const toasts = new Toasts();
  const told = new TransferBoard();
  told.take(board([transfer({ id: 1 }), transfer({ id: 2 }), transfer({ id: 3 })]));
  return { platform, toasts, told, actions: new TransferActions(platform, toasts, told) };
}

const error = (message: string): ApiError => ({
  code: 'internal',
  message,
  hint: null,
  requestId: null,
});

it('asks once, however often the button is pressed', async () => {
  const { platform, actions } = world();
  const done = actions.run('cancel_transfer', 7);
  void actions.run('cancel_transfer', 7);
  expect(platform.asked).toHaveLength(1);
  expect(actions.isPending('cancel_transfer', 7)).toBe(true);
  await platform.question().answer(null);
  expect(await done).toBe(true);
  expect(actions.isPending('cancel_transfer', 7)).toBe(false);
});

it('says what went wrong, and can be pressed again', async () => {
  const { platform, toasts, actions } = world();
  const done = actions.run('show_folder', 7);
  await platform.question().fail(error('No file manager.'));
  expect(await done).toBe(false);
  expect(toasts.items[0]?.text).toBe('No file manager.');
  expect(actions.isPending('show_folder', 7)).toBe(false);
});

it('has a transfer go to the folder that is chosen, and nowhere if none is', async () => {
  const { platform, actions } = world();
  const none = actions.redirect(7);
  expect(actions.isPending('redirect_transfer', 7)).toBe(true);
  await platform.question().answer(null);
  expect(await none).toBe(true);
  expect(platform.asked.map(({ command }) => command)).toEqual(['pick_folder']);

  const done = actions.redirect(7);
  await platform.question().answer({ id: 'f', path: '/f' });
  await platform.isAsked(3);
  expect(platform.question()).toMatchObject({
    command: 'redirect_transfer',
    request: { id: 7, folder: 'f' },
  });
  await platform.question().answer(null);
  expect(await done).toBe(true);
});

it('shows a move at once, and makes moves one after the other', async () => {
  const { platform, told, actions } = world();
  const first = actions.move({ id: 3, before: 2, after: null });
  const second = actions.move({ id: 3, before: 1, after: null });
  expect(told.order).toEqual([3, 1, 2]);
  await platform.isAsked();
  expect(platform.asked).toHaveLength(1);
  expect(platform.question().request).toEqual({ id: 3, before: 2 });
  await platform.question().answer(null);
  expect(await first).toBe(true);
  await platform.isAsked(2);
  await platform.question().answer(null);
  expect(await second).toBe(true);
  expect(told.order).toEqual([3, 1, 2]);
});

it('takes a move back that cannot be made', async () => {
  const { platform, told, toasts, actions } = world();
  const moved = actions.move({ id: 1, before: null, after: 3 });
  expect(told.order).toEqual([2, 3, 1]);
  await platform.isAsked();
  await platform.question().fail(error('The list of transfers cannot be written to.'));
  expect(await moved).toBe(false);
  expect(told.order).toEqual([1, 2, 3]);
  expect(toasts.items).toHaveLength(1);
});
