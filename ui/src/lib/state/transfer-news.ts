import type { Transfer, TransferKind, TransferState } from '$lib/api/bindings';

const WORDS: Partial<Record<TransferState, string>> = {
  done: 'is done',
  failed: 'has failed',
  blocked: 'needs you',
};

const NAMES: Record<TransferKind, string> = { download: 'Download', upload: 'Upload' };

/** More at once than these are only counted. */
const NAMED = 2;

/** A transfer that was known before, and how it stands now. */
export interface Step {
  readonly before: Transfer;
  readonly now: Transfer;
}

/** What has just come of transfers, for those who do not see it; empty where there is nothing to say. */
export function newsOf(steps: readonly Step[], nameOf: (transfer: Transfer) => string): string {
  const news = steps.flatMap(({ before, now }) => {
    const words = before.state === now.state ? undefined : WORDS[now.state];
    return words === undefined ? [] : [{ now, words }];
  });
  if (news.length > NAMED) {
    return `${news.length} ${together(news.map(({ now }) => now))} have ended, or need you`;
  }
  return news.map(({ now, words }) => `${NAMES[now.kind]} of ${nameOf(now)} ${words}`).join('. ');
}

function together(transfers: readonly Transfer[]): string {
  if (transfers.every(({ kind }) => kind === 'download')) return 'downloads';
  return transfers.every(({ kind }) => kind === 'upload') ? 'uploads' : 'transfers';
}
