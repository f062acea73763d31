import type { Transfer } from '$lib/api/bindings';
import type { Fact } from '$lib/design/Facts.svelte';
import { exactDate } from '$lib/format/dates';
import { chosenWords, way } from './transfer-words';

/** What there is to know of a transfer besides how far it is. */
export function transferFacts(transfer: Transfer): Fact[] {
  const { revision, chosen, account, folder, createdAt, endedAt } = transfer;
  const facts: (Fact | false)[] = [
    { name: 'What', value: `${chosenWords(chosen)}, at ${revision}` },
    { name: 'From and to', value: way(transfer) },
    folder !== null && { name: 'Folder', value: folder, is: 'path' },
    account !== null && { name: 'Account', value: account },
    { name: 'Asked for', value: exactDate(createdAt) },
    endedAt !== null && { name: 'Ended', value: exactDate(endedAt) },
  ];
  return facts.filter((fact) => fact !== false);
}
