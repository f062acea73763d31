import { expect, it } from 'vitest';
import { FakePlatform } from '$lib/state/fake-platform';
import { Toasts } from '$lib/state/toasts.svelte';
import { TransferActions } from './transfer-actions.svelte';

function world() {
  const platform = new FakePlatform();
  const toasts = new Toasts();
  return { platform, toasts, actions: new TransferActions(platform, toasts) };
}

it('asks once, however often the button is pressed', async () => {
  const { platform, actions } = world();
  const done = actions.run('cancel_transfer', 7);
  void actions.run('cancel_transfer', 7);
  expect(platform.asked).toHaveLength(1);
  expect(actions.isPending('cancel_transfer', 7)).toBe(true);
  await platform.question().answer(null);
  await done;
  expect(actions.isPending('cancel_transfer', 7)).toBe(false);
});

it('says what went wrong, and can be pressed again', async () => {
  const { platform, toasts, actions } = world();
  const done = actions.run('show_folder', 7);
  await platform
    .question()
    .fail({ code: 'internal', message: 'No file manager.', hint: null, requestId: null });
  await done;
  expect(toasts.items[0]?.text).toBe('No file manager.');
  expect(actions.isPending('show_folder', 7)).toBe(false);
});
