import type { Transfer, UndoFate, UndoFile, UndoPlan, UploadResult } from '$lib/api/bindings';
import { bytes } from '$lib/format/bytes';
import { counted } from '$lib/format/counts';
import { hasEnded } from '$lib/state/transfer-board.svelte';

/** Whether taking it back is worth offering: what it has led to, only the program knows. */
export function canBeUndone(transfer: Transfer): boolean {
  if (transfer.kind !== 'upload' || !hasEnded(transfer)) return false;
  return transfer.state === 'done' || transfer.filesDone > 0;
}

const FATES: Record<UndoFate, string> = {
  removed: 'Goes',
  restored: 'As it was',
  broughtBack: 'Comes back',
  leftAlone: 'Stays',
};

/** What becomes of a file, in a word or two, and why. */
export function fateWords({ fate, why }: UndoFile): string {
  return why === null ? FATES[fate] : `${FATES[fate]}: it ${why}`;
}

/** Whether a plan changes anything. */
export function changesAnything({ removed, restored, broughtBack }: UndoPlan): boolean {
  return removed + restored + broughtBack > 0;
}

/** What taking back would do, in sentences. */
export function undoSentences(plan: UndoPlan): string[] {
  const { removed, restored, broughtBack, leftAlone, asBefore, bytesFetched } = plan;
  const all: [number, string][] = [
    [removed, 'that the upload has brought will be removed'],
    [restored, 'will be again what it was'],
    [broughtBack, 'that went will come back'],
    [leftAlone, 'will stay, since others have changed it'],
    [asBefore, 'is as before already'],
  ];
  const many: Record<string, string> = {
    'will be again what it was': 'will be again what they were',
    'will stay, since others have changed it': 'will stay, since others have changed them',
    'is as before already': 'are as before already',
  };
  const sentences = all
    .filter(([count]) => count > 0)
    .map(
      ([count, words]) =>
        `${counted(count, 'file')} ${count === 1 ? words : (many[words] ?? words)}.`,
    );
  if (bytesFetched > 0) {
    sentences.push(`${bytes(bytesFetched)} pass through this computer; large files do not.`);
  }
  return sentences;
}

/** Where that is done. */
export function undoPlace({ branch, pullRequest }: UndoPlan): string {
  if (pullRequest === null) {
    return `A new commit onto ${branch} puts back what was there before. The history keeps what was uploaded.`;
  }
  return `A new commit to pull request #${pullRequest} puts back what was there before. The pull request itself stays open.`;
}

/** What was done. */
export function undoneWords({ commits }: UploadResult): string {
  if (commits.length === 0) return 'Everything was as before already.';
  return `It was taken back by ${counted(commits.length, 'commit')}.`;
}
