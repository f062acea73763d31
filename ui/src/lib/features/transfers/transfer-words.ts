import type { Stage, Transfer } from '$lib/api/bindings';
import { bytes, speed } from '$lib/format/bytes';
import { exactCount } from '$lib/format/counts';
import { timeLeft } from '$lib/format/durations';

const STAGES: Record<Stage, string> = {
  listing: 'Listing files',
  waiting: 'Waiting',
  downloading: 'Downloading',
  verifying: 'Verifying',
  linking: 'Putting files in place',
};

/** What a transfer is doing, in a word or two. */
export function standing(transfer: Transfer): string {
  switch (transfer.state) {
    case 'running':
      return STAGES[transfer.stage];
    case 'done':
      return 'Done';
    case 'failed':
      return 'Failed';
    case 'cancelled':
      return 'Cancelled';
  }
}

/** How far it is, between 0 and 1; `null` before its size is known. */
export function progress(transfer: Transfer): number | null {
  if (transfer.state === 'done') return 1;
  if (transfer.bytesTotal === 0) return transfer.state === 'running' ? null : 0;
  return Math.min(1, transfer.bytesDone / transfer.bytesTotal);
}

/** The numbers: `1.2 GB of 4.9 GB, 3 of 12 files, 42 MB/s, 3 min left`. */
export function numbers(transfer: Transfer): string {
  const parts: string[] = [];
  const { bytesDone, bytesTotal, filesDone, filesTotal } = transfer;
  if (bytesTotal > 0) {
    parts.push(
      bytesDone === bytesTotal ? bytes(bytesTotal) : `${bytes(bytesDone)} of ${bytes(bytesTotal)}`,
    );
  }
  if (filesTotal > 0) {
    const noun = filesTotal === 1 ? 'file' : 'files';
    parts.push(
      filesDone === filesTotal
        ? `${exactCount(filesTotal)} ${noun}`
        : `${exactCount(filesDone)} of ${exactCount(filesTotal)} ${noun}`,
    );
  }
  if (transfer.state === 'running') {
    if (transfer.bytesPerSecond > 0) parts.push(speed(transfer.bytesPerSecond));
    if (transfer.secondsLeft !== null) parts.push(timeLeft(transfer.secondsLeft));
  }
  return parts.join(', ');
}
