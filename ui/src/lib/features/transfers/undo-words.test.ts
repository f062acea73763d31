import { expect, it } from 'vitest';
import type { UndoPlan } from '$lib/api/bindings';
import { transfer } from '$lib/state/fake-transfers';
import {
  canBeUndone,
  changesAnything,
  fateWords,
  undoneWords,
  undoPlace,
  undoSentences,
} from './undo-words';

const plan = (also: Partial<UndoPlan> = {}): UndoPlan => ({
  id: 7,
  branch: 'main',
  pullRequest: null,
  removed: 0,
  restored: 0,
  broughtBack: 0,
  leftAlone: 0,
  asBefore: 0,
  bytesFetched: 0,
  files: [],
  filesTotal: 0,
  ...also,
});

it('offers to take back what was uploaded, once it has ended', () => {
  const upload = (also: Parameters<typeof transfer>[0]) => transfer({ kind: 'upload', ...also });
  expect(canBeUndone(upload({ state: 'done' }))).toBe(true);
  expect(canBeUndone(upload({ state: 'running' }))).toBe(false);
  expect(canBeUndone(upload({ state: 'failed', filesDone: 3 }))).toBe(true);
  expect(canBeUndone(upload({ state: 'cancelled', filesDone: 0 }))).toBe(false);
  expect(canBeUndone(transfer({ state: 'done' }))).toBe(false);
});

it('says in numbers what would be done', () => {
  expect(
    undoSentences(plan({ removed: 2, restored: 1, broughtBack: 1, bytesFetched: 1200 })),
  ).toEqual([
    '2 files that the upload has brought will be removed.',
    '1 file will be again what it was.',
    '1 file that went will come back.',
    '1.2 kB pass through this computer; large files do not.',
  ]);
  expect(undoSentences(plan({ leftAlone: 3, asBefore: 1 }))).toEqual([
    '3 files will stay, since others have changed them.',
    '1 file is as before already.',
  ]);
});

it('knows when there is nothing to do', () => {
  expect(changesAnything(plan({ leftAlone: 3, asBefore: 1 }))).toBe(false);
  expect(changesAnything(plan({ broughtBack: 1 }))).toBe(true);
});

it('says where it is done, and that a pull request stays open', () => {
  expect(undoPlace(plan())).toContain('onto main');
  expect(undoPlace(plan({ branch: 'refs/pr/3', pullRequest: 3 }))).toContain('#3');
});

it('names for each file what becomes of it, and why it stays', () => {
  const file = (fate: 'removed' | 'leftAlone', why: string | null = null) => ({
    path: 'a',
    fate,
    why,
  });
  expect(fateWords(file('removed'))).toBe('Goes');
  expect(fateWords(file('leftAlone', 'was changed by somebody else since'))).toBe(
    'Stays: it was changed by somebody else since',
  );
});

it('says what was done', () => {
  const result = { base: null, pullRequest: null, url: 'u' };
  expect(undoneWords({ ...result, commits: [{ id: '1', url: 'c' }] })).toBe(
    'It was taken back by 1 commit.',
  );
  expect(undoneWords({ ...result, commits: [] })).toBe('Everything was as before already.');
});
