import type { BlockReason, Transfer } from '$lib/api/bindings';

/** What the one button of a transfer that does not go on does about it. */
export type TransferRemedy =
  'signIn' | 'askForAccess' | 'freeSpace' | 'replaceFiles' | 'chooseFolder' | 'retry';

export const REMEDY_WORDS: Record<TransferRemedy, string> = {
  signIn: 'Sign in again',
  askForAccess: 'Ask for access',
  freeSpace: 'Show in folder',
  replaceFiles: 'Replace files…',
  chooseFolder: 'Choose another folder…',
  retry: 'Retry',
};

const UNBLOCKS: Record<BlockReason, TransferRemedy | null> = {
  signedOut: 'signIn',
  gated: 'askForAccess',
  noSpace: 'freeSpace',
  conflict: 'replaceFiles',
  readOnly: 'chooseFolder',
  volumeGone: 'chooseFolder',
  newerRequest: null,
};

/** What a person can do so that it goes on; `null` while nobody has to do anything, or can. */
export function remedyOf({ state, blocked, signInAt, folder }: Transfer): TransferRemedy | null {
  if (state === 'failed' || state === 'cancelled') return 'retry';
  if (state === 'done' || state === 'paused') return null;
  if (signInAt !== null) return 'signIn';
  if (state !== 'blocked' || blocked === null) return null;
  // There is no folder to make room in before the files are known.
  return blocked === 'noSpace' && folder === null ? 'chooseFolder' : UNBLOCKS[blocked];
}

/** Whether it would go on if it went to another folder. */
export function wantsOtherFolder({ state, blocked, error }: Transfer): boolean {
  return (
    (state === 'failed' && (error?.code === 'noSpace' || error?.code === 'notWritable')) ||
    (state === 'blocked' &&
      (blocked === 'noSpace' ||
        blocked === 'conflict' ||
        blocked === 'readOnly' ||
        blocked === 'volumeGone'))
  );
}
