import type { Account, TokenReport } from '$lib/api/bindings';
import type { Fact } from '$lib/design/Facts.svelte';
import { ago, exactDate } from '$lib/format/dates';
import { howWords, keptWords, roleWords } from './account-words';
import { hostOf } from './host';

type Token = Pick<
  Account & TokenReport,
  'name' | 'endpoint' | 'tokenName' | 'role' | 'scopes' | 'expiresAt'
>;

/** What is known of a token, but for the token. */
export function tokenFacts(token: Token, end = endOf(token.expiresAt)): Fact[] {
  const facts: Fact[] = [
    { name: 'User', value: token.name },
    { name: 'Hub', value: hostOf(token.endpoint), exact: token.endpoint },
  ];
  if (token.tokenName !== null) facts.push({ name: 'Token', value: token.tokenName });
  if (token.role !== null) facts.push({ name: 'May', value: roleWords(token.role) });
  if (token.scopes.length > 0) facts.push({ name: 'Scopes', value: token.scopes.join(', ') });
  return [...facts, { name: 'Ends', ...end }];
}

/** The same, and how the token came here and where it is. */
export function accountFacts(account: Account): Fact[] {
  // Whoever allowed Hubdesk on a page of the Hub has allowed it to take a new token in time.
  const isRenewed = account.how === 'browser' || account.how === 'device';
  const end = endOf(account.expiresAt);
  const renewed = { value: 'Renewed by itself' };
  return [
    ...tokenFacts(
      account,
      isRenewed && account.expiresAt !== null && !account.needsSignIn ? renewed : end,
    ),
    { name: 'Signed in', value: howWords(account.how) },
    { name: 'Kept', value: keptWords(account.kept) },
  ];
}

function endOf(expiresAt: string | null): { value: string; exact?: string } {
  if (expiresAt === null) return { value: 'No date is set' };
  return { value: ago(expiresAt), exact: exactDate(expiresAt) };
}
