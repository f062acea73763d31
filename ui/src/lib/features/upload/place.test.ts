import { expect, it } from 'vitest';
import { branchAt, dropWords, isRepoName, ownerOf, type Place, placeWords } from './place';

const place = (also: Partial<Place> = {}): Place => ({
  repo: { kind: 'model', name: 'mira/m' },
  branch: 'main',
  folder: '',
  ...also,
});

it('says where something would go', () => {
  expect(placeWords(place())).toBe('mira/m');
  expect(placeWords(place({ folder: 'data' }))).toBe('mira/m, folder data/');
  expect(placeWords(place({ branch: 'v2' }))).toBe('mira/m, branch v2');
  expect(placeWords(place({ branch: 'refs/pr/7' }))).toBe('mira/m, pull request #7');
});

it('says what letting go does, before it is done', () => {
  expect(dropWords(place({ folder: 'data' }), false)).toBe('Upload to mira/m, folder data/');
  expect(dropWords(undefined, false)).toBe('Upload to a repository you choose next');
  expect(dropWords(place(), true)).toBe('Add to this upload');
});

it('adds to what moves, and never to a tag or a commit', () => {
  expect(branchAt('dev', ['main', 'dev'])).toBe('dev');
  expect(branchAt('refs/pr/7', ['main'])).toBe('refs/pr/7');
  expect(branchAt('v1.0', ['main', 'dev'])).toBe('main');
});

it('knows a name of a repository', () => {
  expect(['mira/m', 'a-b/c.d_e', 'mira', 'mira/', 'a/b/c', 'a b/c'].filter(isRepoName)).toEqual([
    'mira/m',
    'a-b/c.d_e',
  ]);
  expect(ownerOf({ name: 'mira/m' })).toBe('mira');
  expect(ownerOf({ name: 'gpt2' })).toBe('');
});
