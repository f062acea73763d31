import { expect, it } from 'vitest';
import type { Account, Session } from '$lib/api/bindings';
import { session } from '$lib/state/fake-session';
import { switcher } from './switcher';

const account = {
  id: 'a',
  name: 'mira',
  fullName: 'Mira',
  endpoint: 'https://hub.example',
  needsSignIn: null,
} as Account;

it('offers every account, looking around and the demo', () => {
  const second = { ...account, id: 'b', fullName: null, needsSignIn: 'refused' } as const;
  expect(switcher(session, [account, second]).entries.map(({ id, label }) => [id, label])).toEqual([
    ['a', 'Mira'],
    ['b', 'mira'],
    ['anonymous', 'Look around without signing in'],
    ['demo', 'Demo Hub'],
  ]);
  expect(switcher(session, [account, second]).entries.map(({ detail }) => detail)).toEqual([
    'mira at hub.example',
    'hub.example, has to sign in again',
    'Everything public on the Hub',
    'Inside this program, without a network',
  ]);
});

it('knows who one is', () => {
  const chosen = (change: Partial<Session>) => switcher({ ...session, ...change }, []).chosen;
  expect(chosen({})).toBe('anonymous');
  expect(chosen({ account: 'a' })).toBe('a');
  expect(chosen({ isDemo: true, user: { name: 'demo', fullName: null, role: null } })).toBe('demo');
  expect(chosen({ stage: 'welcome' })).toBe('');
});
