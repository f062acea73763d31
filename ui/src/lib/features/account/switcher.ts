import type { Account, Session } from '$lib/api/bindings';
import { shownName } from './account-words';
import { hostOf } from '$lib/format/host';

interface Entry {
  /** An account's, or `anonymous` or `demo`, which no account is called. */
  id: string;
  label: string;
  detail: string;
}

/** Whom one can be, and who one is; empty while no Hub is open. */
export function switcher(
  session: Session,
  accounts: readonly Account[],
): { chosen: string; entries: Entry[] } {
  return { chosen: chosenOf(session), entries: [...accounts.map(entryOf), ...OTHERS] };
}

const OTHERS: readonly Entry[] = [
  {
    id: 'anonymous',
    label: 'Look around without signing in',
    detail: 'Everything public on the Hub',
  },
  { id: 'demo', label: 'Demo Hub', detail: 'Inside this program, without a network' },
];

/** An account as one to choose. */
export function entryOf(account: Account): Entry {
  const host = hostOf(account.endpoint);
  const where = shownName(account) === account.name ? host : `${account.name} at ${host}`;
  const detail = account.needsSignIn ? `${where}, has to sign in again` : where;
  return { id: account.id, label: shownName(account), detail };
}

function chosenOf(session: Session): string {
  if (session.stage !== 'open') return '';
  if (session.isDemo) return 'demo';
  return session.account ?? 'anonymous';
}
