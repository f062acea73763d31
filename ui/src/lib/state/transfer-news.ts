import type { Transfer, TransferState } from '$lib/api/bindings';

const WORDS: Partial<Record<TransferState, string>> = {
  done: 'is done',
  failed: 'has failed',
  blocked: 'needs you',
};

/** More at once than these are only counted. */
const NAMED = 2;

/** A transfer that was known before, and how it stands now. */
export interface Step {
  readonly before: Transfer;
  readonly now: Transfer;
}

/** What has just come of transfers, for those who do not see it; empty where there is nothing to say. */
export function newsOf(steps: readonly Step[], nameOf: (transfer: Transfer) => string): string {
  const told = steps.flatMap(({ before, now }) => {
    const words = before.state === now.state ? undefined : WORDS[now.state];
    return words === undefined ? [] : [`Download of ${nameOf(now)} ${words}`];
  });
  return told.length > NAMED ? `${told.length} downloads have ended, or need you` : told.join('. ');
}
