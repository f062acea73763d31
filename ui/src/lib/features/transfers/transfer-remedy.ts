import type { BlockReason, Transfer } from '$lib/api/bindings';

/** What the one button of a transfer that does not go on does about it. */
export type TransferRemedy =
  | 'signIn'
  | 'askForAccess'
  | 'freeSpace'
  | 'replaceFiles'
  | 'chooseFolder'
  | 'lookAtSecrets'
  | 'retry';

export const REMEDY_WORDS: Record<TransferRemedy, string> = {
  signIn: 'Sign in again',
  askForAccess: 'Ask for access',
  freeSpace: 'Show in folder',
  replaceFiles: 'Replace files…',
  chooseFolder: 'Choose another folder…',
  lookAtSecrets: 'Show secrets…',
  retry: 'Retry',
};

const UNBLOCKS: Record<BlockReason, TransferRemedy | null> = {
  signedOut: 'signIn',
  gated: 'askForAccess',
  noSpace: 'freeSpace',
  conflict: 'replaceFiles',
  readOnly: 'chooseFolder',
  volumeGone: 'chooseFolder',
  secret: 'lookAtSecrets',
  newerRequest: null,
};

/** What a person can do so that it goes on; `null` while nobody has to do anything, or can. */
export function remedyOf(transfer: Transfer): TransferRemedy | null {
  const { kind, state, blocked, signInAt, folder } = transfer;
  if (state === 'failed' || state === 'cancelled') return 'retry';
  if (state === 'done' || state === 'paused') return null;
  if (signInAt !== null) return 'signIn';
  if (state !== 'blocked' || blocked === null) return null;
  // What an upload reads is where it is: there is no other folder to choose.
  if (kind === 'upload' && UNBLOCKS[blocked] === 'chooseFolder') return null;
  // There is no folder to make room in before the files are known.
  return blocked === 'noSpace' && folder === null ? 'chooseFolder' : UNBLOCKS[blocked];
}

/** Whether it would go on if it went to another folder. */
export function wantsOtherFolder({ kind, state, blocked, error }: Transfer): boolean {
  if (kind === 'upload') return false;
  return (
    (state === 'failed' && (error?.code === 'noSpace' || error?.code === 'notWritable')) ||
    (state === 'blocked' &&
      (blocked === 'noSpace' ||
        blocked === 'conflict' ||
        blocked === 'readOnly' ||
        blocked === 'volumeGone'))
  );
}
