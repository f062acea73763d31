import { expect, it } from 'vitest';
import { session as nobody } from '$lib/state/fake-session';
import {
  foundWords,
  keychainTitle,
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

it('blames the Hub for a sign-in only when the token could be read', () => {
  const works = { state: 'works', why: null } as const;
  expect(whyAgain({ kept: 'keychain' }, works)).toContain('no longer takes');
  expect(whyAgain({ kept: 'keychain' }, { state: 'locked', why: 'x' })).toContain('keychain');
  expect(whyAgain({ kept: 'memory' }, works)).toContain('in memory');
});

it('names who is there, and at which Hub', () => {
  expect(whoAndWhere(session, undefined)).toEqual(['Mira', 'hub.example']);
  expect(whoAndWhere({ ...session, isDemo: true }, undefined)).toEqual(['Mira', 'Demo Hub']);
  expect(whoAndWhere({ ...session, user: null }, undefined)[0]).toBe('Not signed in');
  expect(whoAndWhere({ ...session, isRestoring: true }, undefined)[0]).toBe('Signing in…');
});
