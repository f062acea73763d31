import type { Account, Found, How, Kept, Keychain, Session } from '$lib/api/bindings';
import { hostOf } from '$lib/format/host';

const HOW: Record<How, string> = {
  browser: 'With the browser',
  device: 'On another device',
  token: 'With a token',
  environment: 'By the environment of this program',
  commandLine: 'By the command-line tools',
};

const KEPT: Record<Kept, string> = {
  keychain: 'In the keychain of this computer',
  memory: 'In memory, until Hubdesk ends',
  outside: 'Where it was found; it is read there at each start',
};

const ROLES: Record<string, string> = { fineGrained: 'fine-grained' };

/** Why an organisation keeps a token out, as the Hub names it, in words. */
const RESTRICTIONS: Record<string, string> = {
  mfa: 'it asks for two-factor authentication',
  sso: 'it asks for its single sign-on',
  ip: 'it takes no requests from this network',
  'token-policy': 'its rules do not allow the token',
  'token-revoked': 'it has revoked the token',
};

export const howWords = (how: How): string => HOW[how];

export const keptWords = (kept: Kept): string => KEPT[kept];

/** What a token may do; a role that is not known is shown as the Hub names it. */
export const roleWords = (role: string): string => ROLES[role] ?? role;

/** The name for people, else the one in addresses. */
export const shownName = ({ fullName, name }: { fullName: string | null; name: string }): string =>
  fullName ?? name;

/** Why a token may not be used in an organisation. */
export function restrictionWords(reasons: readonly string[]): string {
  return reasons.map((reason) => RESTRICTIONS[reason] ?? reason).join('; ');
}

/** What is wrong with the keychain; `null` while nothing is known to be. */
export function keychainTitle({ state }: Keychain): string | null {
  switch (state) {
    case 'checking':
    case 'works':
      return null;
    case 'missing':
      return 'This computer has no keychain that Hubdesk can use';
    case 'locked':
      return 'The keychain is locked';
    case 'failed':
      return 'The keychain cannot be used';
  }
}

/** What a sign-in of other tools is called, and what using it means. */
export function foundWords(found: Found): { title: string; text: string } {
  switch (found.source) {
    case 'environment':
      return {
        title: `Use the token of ${found.variable}`,
        text: `The variable ${found.variable} is set. It is read only when you ask for it, and then shown to the Hub alone.`,
      };
    case 'tokenFile':
      return {
        title: 'Use the sign-in of hf on this computer',
        text: `The command-line tools keep a token in ${found.path}. The file is read only when you ask for it.`,
      };
    case 'storedTokens':
      return {
        title: 'Choose among the tokens of hf on this computer',
        text: `The command-line tools keep several in ${found.path}. The file is read only when you ask for it, and only names are shown.`,
      };
  }
}

const UNREADABLE: Record<Kept, string> = {
  keychain: 'Its token is in the keychain, which cannot be read now.',
  memory: 'Its token cannot be read.',
  outside: 'Its token cannot be used as it is where it was found.',
};

const GONE: Record<Kept, string> = {
  keychain: 'Its token is not in the keychain any more.',
  memory: 'Its token was kept in memory, and is not there any more.',
  outside: 'There is no token any more where this one was found.',
};

/** Why an account has to sign in again, and what helps where that is something else; empty when it need not. */
export function whyAgain(
  { kept, limits, needsSignIn }: Pick<Account, 'kept' | 'limits' | 'needsSignIn'>,
  keychain: Keychain,
): string {
  switch (needsSignIn) {
    case null:
      return '';
    case 'refused':
      return 'The Hub no longer accepts this sign-in.';
    case 'gone':
      return GONE[kept];
    case 'unreadable': {
      // What has become of a token stands before what it may not do.
      const help = kept === 'keychain' ? keychain.why : limits[0];
      return [UNREADABLE[kept], help].filter(Boolean).join(' ');
    }
  }
}

/** Whether asking the keychain again may be all that an account needs. */
export const mayBeRead = ({ kept, needsSignIn }: Pick<Account, 'kept' | 'needsSignIn'>): boolean =>
  kept === 'keychain' && needsSignIn === 'unreadable';

/** Who is there, and at which Hub: the two lines of the account button. */
export function whoAndWhere(session: Session, account: Account | undefined): [string, string] {
  if (session.isRestoring) return ['Signing in…', hostOf(session.endpoint)];
  const who = account ?? session.user;
  const name = who ? shownName(who) : 'Not signed in';
  return [name, session.isDemo ? 'Demo Hub' : hostOf(session.endpoint)];
}
