import type { Transfer } from '$lib/api/bindings';
import type { Fact } from '$lib/design/Facts.svelte';
import { exactDate } from '$lib/format/dates';
import { counted } from '$lib/format/counts';
import { chosenWords, way } from './transfer-words';

/** What there is to know of a transfer besides how far it is. */
export function transferFacts(transfer: Transfer): Fact[] {
  const { account, folder, createdAt, endedAt } = transfer;
  const facts: (Fact | false)[] = [
    ...what(transfer),
    { name: 'From and to', value: way(transfer) },
    folder !== null && { name: 'Folder', value: folder, is: 'path' },
    account !== null && { name: 'Account', value: account },
    { name: 'Asked for', value: exactDate(createdAt) },
    endedAt !== null && { name: 'Ended', value: exactDate(endedAt) },
  ];
  return facts.filter((fact) => fact !== false);
}

function what({ kind, chosen, revision, into }: Transfer): Fact[] {
  if (kind === 'download')
    return [{ name: 'What', value: `${chosenWords(chosen)}, at ${revision}` }];
  const isPullRequest = into.type === 'repo' && into.isPullRequest;
  const onto = { name: 'Onto', value: isPullRequest ? 'a new pull request' : revision };
  if (chosen.type !== 'sources') return [onto];
  const more = chosen.count - chosen.paths.length;
  const paths = [...chosen.paths, ...(more > 0 ? [counted(more, 'other')] : [])];
  return [{ name: 'What', value: paths.join(', '), is: 'path' }, onto];
}
