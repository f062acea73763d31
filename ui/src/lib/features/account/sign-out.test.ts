import { expect, it } from 'vitest';
import type { Account } from '$lib/api/bindings';
import { fakeWorld } from '$lib/state/fake-platform';
import { SignOutSheet } from './sign-out.svelte';

const account = { id: 'a', name: 'mira' } as Account;

function world() {
  const { platform, enter } = fakeWorld();
  return { platform, enter, sheet: new SignOutSheet(platform, enter) };
}

it('signs out only when that is confirmed, and closes', async () => {
  const { platform, enter, sheet } = world();
  sheet.open(account);
  expect(platform.asked).toHaveLength(0);
  const confirmed = sheet.confirm();
  expect(platform.question()).toMatchObject({ command: 'sign_out', request: { id: 'a' } });
  await platform.question().answer({ account: null });
  await confirmed;
  expect(enter).toHaveBeenCalledOnce();
  expect(sheet.account).toBeUndefined();
});

it('stays open with the reason when signing out fails', async () => {
  const { platform, enter, sheet } = world();
  sheet.open(account);
  const confirmed = sheet.confirm();
  await platform
    .question()
    .fail({ code: 'internal', message: 'The keychain is locked.', hint: null, requestId: null });
  await confirmed;
  expect(sheet.account).toBe(account);
  expect(sheet.task.error?.message).toBe('The keychain is locked.');
  expect(enter).not.toHaveBeenCalled();
  sheet.open(account);
  expect(sheet.task.error).toBeUndefined();
});
