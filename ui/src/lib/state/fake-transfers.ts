import type { Board, Status, Transfer } from '$lib/api/bindings';
import { NOTHING_YET } from './transfer-board.svelte';

/** A transfer for tests: a download into the cache that is half way. */
export function transfer(also: Partial<Transfer> = {}): Transfer {
  return {
    id: 1,
    kind: 'download',
    title: 'a/b',
    repo: { kind: 'model', name: 'a/b' },
    endpoint: 'https://hub.example',
    account: null,
    revision: 'main',
    chosen: { type: 'everything' },
    into: { type: 'cache' },
    class: 'normal',
    state: 'running',
    stage: 'downloading',
    waitingFor: null,
    waitsUntil: null,
    blocked: null,
    signInAt: null,
    filesTotal: 12,
    filesDone: 3,
    bytesTotal: 4_900_000_000,
    bytesDone: 1_200_000_000,
    bytesPerSecond: 42_000_000,
    secondsLeft: 88,
    folder: null,
    error: null,
    createdAt: '2026-01-02T03:04:05Z',
    endedAt: null,
    ...also,
  };
}

export function status(also: Partial<Status> = {}): Status {
  return { ...NOTHING_YET, ...also };
}

export function board(transfers: Transfer[], also: Partial<Board> = {}): Board {
  return { transfers, isAllPaused: false, status: status(), ...also };
}
