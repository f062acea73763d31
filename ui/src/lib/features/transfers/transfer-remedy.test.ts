import { expect, it } from 'vitest';
import type { ErrorCode, Transfer } from '$lib/api/bindings';
import { transfer } from '$lib/state/fake-transfers';
import { remedyOf, type TransferRemedy, wantsOtherFolder } from './transfer-remedy';

it.each<[Partial<Transfer>, TransferRemedy | null]>([
  [{ state: 'running' }, null],
  [{ state: 'running', signInAt: 'https://hub.example' }, 'signIn'],
  [{ state: 'queued' }, null],
  [{ state: 'paused', signInAt: 'https://hub.example' }, null],
  [{ state: 'done' }, null],
  [{ state: 'failed' }, 'retry'],
  [{ state: 'cancelled' }, 'retry'],
  [{ state: 'blocked', blocked: 'signedOut' }, 'signIn'],
  [{ state: 'blocked', blocked: 'gated' }, 'askForAccess'],
  [{ state: 'blocked', blocked: 'noSpace', folder: '/m' }, 'freeSpace'],
  [{ state: 'blocked', blocked: 'noSpace' }, 'chooseFolder'],
  [{ state: 'blocked', blocked: 'conflict' }, 'replaceFiles'],
  [{ state: 'blocked', blocked: 'volumeGone' }, 'chooseFolder'],
  [{ state: 'blocked', blocked: 'readOnly' }, 'chooseFolder'],
  [{ state: 'blocked', blocked: 'newerRequest' }, null],
  [{ kind: 'upload', state: 'blocked', blocked: 'secret' }, 'lookAtSecrets'],
  [{ kind: 'upload', state: 'blocked', blocked: 'conflict' }, 'replaceFiles'],
  [{ kind: 'upload', state: 'blocked', blocked: 'volumeGone' }, null],
])('of %o the button does %s', (also, remedy) => {
  expect(remedyOf(transfer(also))).toBe(remedy);
});

it('leads elsewhere only what cannot go where it was to go', () => {
  expect(wantsOtherFolder(transfer({ state: 'blocked', blocked: 'conflict' }))).toBe(true);
  expect(wantsOtherFolder(transfer({ state: 'blocked', blocked: 'gated' }))).toBe(false);
  expect(wantsOtherFolder(transfer({ state: 'paused', blocked: 'conflict' }))).toBe(false);
  const failed = (code: ErrorCode) =>
    transfer({ state: 'failed', error: { code, message: '', hint: null, requestId: null } });
  expect(wantsOtherFolder(failed('notWritable'))).toBe(true);
  expect(wantsOtherFolder(failed('notFound'))).toBe(false);
});
