import { describe, expect, it } from 'vitest';
import type { RepoOverview } from '$lib/api/bindings';
import { revisionLabel, RevisionPicker } from './revision-picker.svelte';

function picker(also: Partial<RepoOverview> = {}) {
  const overview = {
    revision: 'v1.0',
    branches: ['main', 'fp16'],
    tags: ['v1.0'],
    pullRequests: ['refs/pr/3'],
    ...also,
  } as RepoOverview;
  return new RevisionPicker(() => overview);
}

describe('choosing a revision', () => {
  it('starts at the one that is shown', () => {
    const it = picker();
    it.reset();
    expect(it.chosen).toBe('v1.0');
  });

  it('narrows what is offered, whatever the case, and starts from its top', () => {
    const it = picker();
    it.reset();
    it.query = 'FP';
    it.narrowed();
    expect(it.groups[0]).toEqual({ label: 'Branches', options: ['fp16'], hidden: 0 });
    expect(it.chosen).toBe('fp16');
  });

  it('offers what was typed when nothing has that name', () => {
    const it = picker();
    it.query = 'abc1234';
    expect(it.options).toEqual(['abc1234']);
    it.query = 'main';
    expect(it.options).toEqual(['main']);
  });

  it('moves with the arrow keys and stops at the ends', () => {
    const it = picker();
    it.key('End');
    it.key('ArrowDown');
    expect(it.chosen).toBe('refs/pr/3');
    it.key('Home');
    it.key('ArrowUp');
    expect(it.chosen).toBe('main');
    expect(it.key('a')).toBe(false);
  });

  it('says how many it does not show', () => {
    const it = picker({ tags: Array.from({ length: 70 }, (_, index) => `t${index}`) });
    expect(it.groups[1]).toMatchObject({ hidden: 20 });
  });
});

it('names pull requests and commits for people', () => {
  expect(revisionLabel('refs/pr/3')).toBe('Pull request #3');
  expect(revisionLabel('a'.repeat(40))).toBe('aaaaaaa');
  expect(revisionLabel('refs/convert/parquet')).toBe('refs/convert/parquet');
});
