import { expect, it } from 'vitest';
import { revisionGroups } from './revision-groups';

const names = { branches: ['main', 'next'], tags: [], pullRequests: ['refs/pr/3'] };

it('offers what has a name, in groups', () => {
  expect(revisionGroups(names, 'main').map(({ label }) => label)).toEqual([
    'Branches',
    'Pull requests',
  ]);
  expect(revisionGroups(names, 'main')[1]?.options[0]?.label).toBe('Pull request 3');
});

it('offers what is chosen also where it has no name', () => {
  const commit = '0123456789'.repeat(4);
  expect(revisionGroups(names, commit)[0]).toEqual({
    label: '',
    options: [{ value: commit, label: 'Commit 0123456' }],
  });
});
