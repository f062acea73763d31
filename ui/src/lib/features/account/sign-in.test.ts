import { expect, it } from 'vitest';
import type { Account, Accounts, SignIn, TokenReport } from '$lib/api/bindings';
import { fakeWorld } from '$lib/state/fake-platform';
import { session as nobody } from '$lib/state/fake-session';
import { SignInFlow } from './sign-in.svelte';

const accounts: Accounts = {
  accounts: [],
  keychain: { state: 'works', why: null },
  found: [],
  overriddenBy: null,
  ways: { endpoint: null, browser: true, device: true, why: null },
  signIn: null,
};

const report: TokenReport = {
  name: 'mira',
  fullName: null,
  endpoint: 'https://hub.example',
  tokenName: 'laptop',
  role: 'read',
  scopes: [],
  expiresAt: null,
  limits: ['Nothing can be uploaded.'],
  keychain: { state: 'missing', why: 'There is none.' },
};

const attempt = (state: SignIn['state']): SignIn => ({
  way: 'browser',
  endpoint: 'https://hub.example',
  state,
  url: null,
  userCode: null,
  qr: null,
  expiresAt: null,
  error: null,
});

const session = { ...nobody, account: 'mira-1' };

const active = (id: string) => [{ id, isActive: true } as Account];

function world() {
  const { platform, resources, enter: arrive } = fakeWorld();
  return { platform, resources, arrive, flow: new SignInFlow(platform, resources, arrive) };
}

it('shows what the Hub says about a token before it is kept', async () => {
  const { platform, flow, arrive } = world();
  const checked = flow.check({ endpoint: null, token: 'hf_x' });
  expect(flow.busyWords).toContain('whose token');
  await platform.question().answer(report);
  expect(await checked).toBe(true);
  expect(flow.report).toEqual(report);
  expect(arrive).not.toHaveBeenCalled();
  const kept = flow.keep(true);
  expect(platform.question()).toMatchObject({ command: 'keep_token', request: { copy: true } });
  await platform.question().answer(session);
  expect(await kept).toBe(true);
  expect(arrive).toHaveBeenCalledExactlyOnceWith(session);
});

it('forgets the report when another token is to be used', async () => {
  const { platform, flow } = world();
  const checked = flow.check({ endpoint: null, token: 'hf_x' });
  await platform.question().answer(report);
  await checked;
  flow.discard();
  expect(flow.report).toBeUndefined();
});

it('names what failed, and does the same once more', async () => {
  const { platform, flow } = world();
  const started = flow.start('device', 'https://hub.example');
  await platform
    .question()
    .fail({ code: 'offline', message: 'No answer.', hint: null, requestId: null });
  expect(await started).toBe(false);
  expect(flow.failedWords).toBe('Signing in could not begin');
  flow.again?.();
  expect(platform.asked.map(({ command }) => command)).toEqual(['start_sign_in', 'start_sign_in']);
  expect(platform.question().request).toEqual({ way: 'device', endpoint: 'https://hub.example' });
});

it('does not keep a token for another try', async () => {
  const { platform, flow } = world();
  const checked = flow.check({ endpoint: null, token: 'hf_x' });
  await platform
    .question()
    .fail({ code: 'offline', message: 'No answer.', hint: null, requestId: null });
  expect(await checked).toBe(false);
  expect(flow.again).toBeUndefined();
});

it('goes on as somebody who has signed in before', async () => {
  const { platform, flow, arrive } = world();
  const switched = flow.switchTo('mira-1');
  expect(platform.question()).toMatchObject({
    command: 'switch_account',
    request: { id: 'mira-1' },
  });
  await platform.question().answer(session);
  expect(await switched).toBe(true);
  expect(arrive).toHaveBeenCalledExactlyOnceWith(session);
});

it('reads names first and a token afterwards, each when it is asked to', async () => {
  const { platform, flow } = world();
  expect(platform.asked).toHaveLength(0);
  const looked = flow.lookInside();
  await platform.question().answer({ names: [{ name: 'work', isActive: true }] });
  await looked;
  expect(flow.names).toEqual([{ name: 'work', isActive: true }]);
  const used = flow.use('storedTokens', 'work');
  expect(platform.question().request).toEqual({ source: 'storedTokens', name: 'work' });
  await platform.question().answer(report);
  await used;
  expect(flow.isFound).toBe(true);
});

it('knows that an attempt has ended well only when the session is its account’s', () => {
  const { flow } = world();
  const done = { ...accounts, accounts: active('mira-1') };
  expect(flow.hasArrived(done, session)).toBe(false);
  expect(flow.hasArrived({ ...accounts, signIn: attempt('waiting') }, session)).toBe(false);
  expect(flow.hasArrived(done, { ...session, account: null })).toBe(false);
  expect(flow.hasArrived(done, session)).toBe(true);
});

it('takes neither a failed nor a cancelled attempt for a sign-in', async () => {
  const { platform, flow } = world();
  const done = { ...accounts, accounts: active('mira-1') };
  flow.hasArrived({ ...accounts, signIn: attempt('waiting') }, session);
  flow.hasArrived({ ...accounts, signIn: attempt('failed') }, session);
  expect(flow.hasArrived(done, session)).toBe(false);
  flow.hasArrived({ ...accounts, signIn: attempt('waiting') }, session);
  const cancelled = flow.cancel();
  await platform.question().answer(accounts);
  await cancelled;
  expect(flow.hasArrived(done, session)).toBe(false);
});

it('shows what trying the keychain again has brought, also in the report', async () => {
  const { platform, resources, flow } = world();
  const checked = flow.check({ endpoint: null, token: 'hf_x' });
  await platform.question().answer(report);
  await checked;
  const retried = flow.retryKeychain();
  expect(flow.busyWords).toBe('Asking the keychain…');
  await platform.question().answer(accounts);
  await retried;
  expect(flow.report?.keychain.state).toBe('works');
  expect(resources.entry('accounts', null).data).toEqual(accounts);
});
