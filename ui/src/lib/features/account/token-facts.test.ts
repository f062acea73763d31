import { expect, it } from 'vitest';
import type { Account } from '$lib/api/bindings';
import { accountFacts, tokenFacts } from './token-facts';

const token = {
  name: 'mira',
  endpoint: 'https://hub.example',
  tokenName: 'laptop',
  role: 'fineGrained',
  scopes: ['read-repos', 'gated-repos'],
  expiresAt: null,
};

it('lists what is known of a token', () => {
  expect(tokenFacts(token).map(({ name, value }) => `${name}: ${value}`)).toEqual([
    'User: mira',
    'Hub: hub.example',
    'Token: laptop',
    'Role: fine-grained',
    'Scopes: read-repos, gated-repos',
    'Ends: No date is set',
  ]);
});

it('leaves out what the Hub does not say, and gives the end exactly as well', () => {
  const expiresAt = new Date(Date.now() + 49 * 3600 * 1000).toISOString();
  const facts = tokenFacts({ ...token, tokenName: null, role: null, scopes: [], expiresAt });
  expect(facts.map(({ name }) => name)).toEqual(['User', 'Hub', 'Ends']);
  expect(facts.at(-1)?.value).toBe('in 2 days');
  expect(facts.at(-1)?.exact).toMatch(/\d{4} at \d\d:\d\d$/);
});

const account = {
  ...token,
  how: 'device',
  kept: 'memory',
  expiresAt: '2099-01-31T18:00:00Z',
  renews: true,
  needsSignIn: null,
} as Account;

it('says how an account’s token came here, where it is, and that it is renewed', () => {
  const facts = accountFacts(account).slice(-3);
  expect(facts.map(({ value }) => value)).toEqual([
    'By itself, before the token ends',
    'On another device',
    'In memory, until Hubdesk ends',
  ]);
});

it('says that somebody has to sign in again only where a token ends and nobody renews it', () => {
  const renewal = (change: Partial<Account>) =>
    accountFacts({ ...account, ...change }).find(({ name }) => name === 'Renewal')?.value;
  expect(renewal({ renews: false })).toContain('sign in again');
  expect(renewal({ expiresAt: null, renews: false })).toBeUndefined();
  expect(renewal({ needsSignIn: 'refused' })).toBeUndefined();
});
