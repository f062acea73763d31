import { expect, it } from 'vitest';
import type { Account } from '$lib/api/bindings';
import { session as nobody } from '$lib/state/fake-session';
import {
  foundWords,
  keychainTitle,
  mayBeRead,
  restrictionWords,
  roleWords,
  whoAndWhere,
  whyAgain,
} from './account-words';

const session = {
  ...nobody,
  user: { name: 'mira', fullName: 'Mira', role: null },
  account: 'a',
};

it('says something about the keychain only when something is wrong with it', () => {
  expect(keychainTitle({ state: 'works', why: null })).toBeNull();
  expect(keychainTitle({ state: 'checking', why: null })).toBeNull();
  expect(keychainTitle({ state: 'missing', why: 'x' })).toContain('no keychain');
  expect(keychainTitle({ state: 'locked', why: 'x' })).toContain('locked');
});

it('shows roles and restrictions it does not know as the Hub names them', () => {
  expect(roleWords('fineGrained')).toBe('fine-grained');
  expect(roleWords('pilot')).toBe('pilot');
  expect(restrictionWords(['sso', 'moon'])).toBe('it asks for its single sign-on; moon');
});

it('names the place of a sign-in that was found, and that it was not read', () => {
  for (const found of [
    { source: 'environment', variable: 'HF_TOKEN' },
    { source: 'tokenFile', path: '/h/token' },
    { source: 'storedTokens', path: '/h/stored_tokens' },
  ] as const) {
    const { title, text } = foundWords(found);
    const place = 'variable' in found ? found.variable : found.path;
    expect(title + text).toContain(place);
    expect(text).toContain('only when you ask');
  }
});

const works = { state: 'works', why: null } as const;
type Needy = Pick<Account, 'kept' | 'limits' | 'needsSignIn'>;
const kept: Needy = { kept: 'keychain', limits: [], needsSignIn: 'refused' };

it('says why somebody has to sign in, whatever the keychain is like', () => {
  const locked = { state: 'locked', why: 'Unlock it.' } as const;
  expect(whyAgain(kept, locked)).toBe('The Hub no longer accepts this sign-in.');
  expect(whyAgain({ ...kept, kept: 'memory', needsSignIn: 'gone' }, works)).toContain('in memory');
  expect(whyAgain({ ...kept, needsSignIn: null }, locked)).toBe('');
});

it('says what to do about a token that cannot be read', () => {
  const unreadable: Needy = { ...kept, needsSignIn: 'unreadable' };
  const locked = { state: 'locked', why: 'Unlock the keychain.' } as const;
  expect(whyAgain(unreadable, locked)).toMatch(/cannot be read now\. Unlock the keychain\.$/);
  const outside: Needy = {
    ...unreadable,
    kept: 'outside',
    limits: ['Unset HF_TOKEN.', 'Uploading will not work.'],
  };
  expect(whyAgain(outside, works)).toMatch(/where it was found\. Unset HF_TOKEN\.$/);
});

it('asks the keychain again only for a token that is in it', () => {
  expect(mayBeRead({ ...kept, needsSignIn: 'unreadable' })).toBe(true);
  expect(mayBeRead({ kept: 'outside', needsSignIn: 'unreadable' })).toBe(false);
  expect(mayBeRead(kept)).toBe(false);
});

it('names who is there, and at which Hub', () => {
  expect(whoAndWhere(session, undefined)).toEqual(['Mira', 'hub.example']);
  expect(whoAndWhere({ ...session, isDemo: true }, undefined)).toEqual(['Mira', 'Demo Hub']);
  expect(whoAndWhere({ ...session, user: null }, undefined)[0]).toBe('Not signed in');
  expect(whoAndWhere({ ...session, isRestoring: true }, undefined)[0]).toBe('Signing in…');
});
