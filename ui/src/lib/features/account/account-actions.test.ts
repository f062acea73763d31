import { expect, it } from 'vitest';
import type { Accounts, Session } from '$lib/api/bindings';
import { fakeWorld } from '$lib/state/fake-platform';
import { AccountActions } from './account-actions.svelte';

const accounts: Accounts = {
  accounts: [],
  keychain: { state: 'works', why: null },
  found: [],
  overriddenBy: null,
  ways: { endpoint: null, browser: true, device: true, why: null },
  signIn: null,
};

function world() {
  const { platform, resources, enter } = fakeWorld();
  return { platform, resources, enter, actions: new AccountActions(platform, resources, enter) };
}

it('takes the session of the account that was switched to', async () => {
  const { platform, enter, actions } = world();
  const switched = actions.switchTo('b');
  expect(platform.question()).toMatchObject({ command: 'switch_account', request: { id: 'b' } });
  const session = { account: 'b' } as Session;
  await platform.question().answer(session);
  expect(await switched).toBe(true);
  expect(enter).toHaveBeenCalledExactlyOnceWith(session);
});

it('shows the accounts as they are after a switch was turned', async () => {
  const { platform, resources, actions } = world();
  const shared = actions.share('a', true);
  expect(platform.question().request).toEqual({ id: 'a', isOn: true });
  await platform.question().answer(accounts);
  await shared;
  expect(resources.entry('accounts', null).data).toEqual(accounts);
});

it('does one thing at a time, and the one that failed once more', async () => {
  const { platform, actions } = world();
  const given = actions.giveToGit('a', true);
  expect(await actions.share('a', true)).toBe(false);
  await platform
    .question()
    .fail({ code: 'internal', message: 'git is missing.', hint: null, requestId: null });
  expect(await given).toBe(false);
  expect(actions.task.error?.message).toBe('git is missing.');
  expect(actions.about).toBe('a');
  actions.again();
  expect(platform.asked.map(({ command }) => command)).toEqual(['give_to_git', 'give_to_git']);
});
