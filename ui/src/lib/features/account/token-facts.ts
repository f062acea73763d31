import type { Account, TokenReport } from '$lib/api/bindings';
import type { Fact } from '$lib/design/Facts.svelte';
import { ago, exactDate } from '$lib/format/dates';
import { howWords, keptWords, roleWords } from './account-words';
import { hostOf } from '$lib/format/host';

type Token = Pick<
  Account & TokenReport,
  'name' | 'endpoint' | 'tokenName' | 'role' | 'scopes' | 'expiresAt'
>;

/** What is known of a token, but for the token. */
export function tokenFacts(token: Token): Fact[] {
  const facts: Fact[] = [
    { name: 'User', value: token.name },
    { name: 'Hub', value: hostOf(token.endpoint), exact: token.endpoint },
  ];
  if (token.tokenName !== null) facts.push({ name: 'Token', value: token.tokenName });
  if (token.role !== null) facts.push({ name: 'Role', value: roleWords(token.role) });
  if (token.scopes.length > 0) facts.push({ name: 'Scopes', value: token.scopes.join(', ') });
  return [...facts, { name: 'Ends', ...endOf(token.expiresAt) }];
}

/** The same, and how the token came here and where it is. */
export function accountFacts(account: Account): Fact[] {
  const renewal: Fact[] =
    account.expiresAt === null || account.needsSignIn !== null
      ? []
      : [{ name: 'Renewal', value: account.renews ? BY_ITSELF : BY_HAND }];
  return [
    ...tokenFacts(account),
    ...renewal,
    { name: 'Signed in', value: howWords(account.how) },
    { name: 'Kept', value: keptWords(account.kept) },
  ];
}

const BY_ITSELF = 'By itself, before the token ends';
const BY_HAND = 'None; sign in again once the token has ended';

function endOf(expiresAt: string | null): { value: string; exact?: string } {
  if (expiresAt === null) return { value: 'No date is set' };
  return { value: ago(expiresAt), exact: exactDate(expiresAt) };
}
