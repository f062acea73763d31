import type {
  BlockReason,
  Chosen,
  Destination,
  Stage,
  Transfer,
  TransferClass,
  TransferKind,
  TransferState,
} from '$lib/api/bindings';
import { KIND_WORDS } from '$lib/address';
import { bytes, speed } from '$lib/format/bytes';
import { counted, exactCount } from '$lib/format/counts';
import { ago, clockTime } from '$lib/format/dates';
import { timeLeft } from '$lib/format/durations';
import { hostOf } from '$lib/format/host';

const STAGES: Record<Stage, string> = {
  walking: 'Looking at files',
  listing: 'Listing files',
  reading: 'Reading files',
  sending: 'Sending',
  committing: 'Committing',
  waiting: 'Waiting',
  downloading: 'Downloading',
  verifying: 'Verifying',
  linking: 'Putting files in place',
};

/** What is called otherwise of an upload. */
const STAGES_UP: Partial<Record<Stage, string>> = { listing: 'Asking the Hub' };

const STATES: Record<Exclude<TransferState, 'running'>, string> = {
  queued: 'Queued',
  paused: 'Paused',
  waiting: 'Waiting',
  blocked: 'Needs you',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const BLOCKED: Record<BlockReason, string> = {
  signedOut: 'Somebody has to sign in',
  gated: 'Access has to be asked for',
  noSpace: 'There is not enough room on the disk',
  conflict: 'Other files are in the way',
  readOnly: 'The folder cannot be written to',
  volumeGone: 'The disk with the folder is not there',
  secret: 'A file looks like a secret',
  newerRequest: 'A newer Hubdesk has asked for this: only that one can do it',
};

/** What is said otherwise of an upload. */
const BLOCKED_UP: Partial<Record<BlockReason, string>> = {
  conflict: 'Others have changed the same files',
  volumeGone: 'The disk with the files is not there',
};

export const KIND_NAMES: Record<TransferKind, string> = { download: 'Download', upload: 'Upload' };

export const CLASS_WORDS: Record<TransferClass, { label: string; detail: string }> = {
  interactive: { label: 'Urgent', detail: 'Before everything else' },
  normal: { label: 'Normal', detail: 'In the order of the queue' },
  background: { label: 'Whenever there is time', detail: 'After everything else' },
};

export type Look = 'running' | 'done' | 'stopped' | 'attention' | 'failed';

/** What a transfer is doing, in a word or two. */
export function standing({ kind, state, stage }: Transfer): string {
  if (state !== 'running') return STATES[state];
  return (kind === 'upload' && STAGES_UP[stage]) || STAGES[stage];
}

/** How that looks. */
export function look({ state }: Transfer): Look {
  switch (state) {
    case 'running':
    case 'done':
    case 'failed':
      return state;
    case 'blocked':
    case 'waiting':
      return 'attention';
    default:
      return 'stopped';
  }
}

/** Why it does not go on, and until when; empty while nothing is in its way. */
export function obstacle(transfer: Transfer, now: Date = new Date()): string {
  const { kind, state, blocked, waitingFor, waitsUntil, error } = transfer;
  if (state === 'blocked') {
    if (blocked === null) return error?.message ?? '';
    return (kind === 'upload' && BLOCKED_UP[blocked]) || BLOCKED[blocked];
  }
  if (state === 'failed') return error?.message ?? '';
  if (waitingFor === null || (state !== 'running' && state !== 'waiting')) return '';
  const again = waitsUntil === null ? '' : clockTime(waitsUntil, now);
  return `Waiting for ${waitingFor}${again === '' ? '' : `; tries again at ${again}`}`;
}

/** What was chosen of the repository. */
export function chosenWords(chosen: Chosen): string {
  switch (chosen.type) {
    case 'everything':
      return 'everything';
    case 'files':
      return counted(chosen.count, 'file');
    case 'variant':
      return chosen.name;
    case 'patterns':
      return [chosen.include.join(' '), ...chosen.exclude.map((pattern) => `not ${pattern}`)]
        .filter(Boolean)
        .join(', ');
    case 'sources':
      return chosen.count === 1
        ? (chosen.paths[0] ?? '')
        : `${exactCount(chosen.count)} files and folders`;
  }
}

/** What it is about, beside its name. */
export function about({ kind, repo, revision, chosen, into }: Transfer): string {
  if (!repo) return '';
  const what = KIND_WORDS[repo.kind].one;
  if (kind === 'download') return `${what} at ${revision}, ${chosenWords(chosen)}`;
  const onto = isPullRequest(into) ? 'by a pull request' : `onto ${revision}`;
  return `${what}, ${onto}, ${chosenWords(chosen)}`;
}

const isPullRequest = (into: Destination) => into.type === 'repo' && into.isPullRequest;

/** From where to where. */
export function way({ kind, endpoint, into, title }: Transfer): string {
  if (kind === 'upload') {
    const by = isPullRequest(into) ? 'a pull request to ' : '';
    return `this computer → ${by}${title} at ${hostOf(endpoint)}`;
  }
  return `${hostOf(endpoint)} → ${place(into)}`;
}

function place(into: Destination): string {
  switch (into.type) {
    case 'cache':
      return 'shared cache';
    case 'folder':
      return into.path;
    case 'repo':
      return into.isPullRequest ? 'a pull request' : 'the repository';
  }
}

/** The numbers: `1.2 GB of 4.9 GB, 3 of 12 files, 42 MB/s, 3 min left`. */
export function numbers(transfer: Transfer): string {
  const { bytesDone, bytesTotal, filesDone, filesTotal, state, stage } = transfer;
  const parts: string[] = [];
  if (bytesTotal > 0) {
    const all = bytes(bytesTotal);
    parts.push(bytesDone === bytesTotal ? all : `${bytes(bytesDone)} of ${all}`);
  }
  if (filesTotal > 0) {
    const all = counted(filesTotal, 'file');
    parts.push(filesDone === filesTotal ? all : `${exactCount(filesDone)} of ${all}`);
  }
  // The speed of the last seconds says nothing of one that waits now.
  if (state === 'running' && stage !== 'waiting') {
    if (transfer.bytesPerSecond > 0) parts.push(speed(transfer.bytesPerSecond));
    if (transfer.secondsLeft !== null) parts.push(timeLeft(transfer.secondsLeft));
  }
  if (transfer.endedAt !== null) parts.push(ago(transfer.endedAt));
  return parts.join(', ');
}
