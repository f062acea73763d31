import { describe, expect, it } from 'vitest';
import type { KnownSource } from '$lib/api/bindings';
import {
  clashing,
  folderIn,
  joined,
  literal,
  omission,
  placed,
  sourcesWords,
} from './destinations';

const file = (name: string): KnownSource => ({
  id: `id of ${name}`,
  name,
  path: `/home/${name}`,
  isFolder: false,
  bytes: 3,
});
const folder = (name: string): KnownSource => ({ ...file(name), isFolder: true, bytes: 0 });

it('takes a folder as people type it', () => {
  expect([' data/ ', '/a//b', 'a\\b', './a', '', '/'].map(folderIn)).toEqual([
    'data',
    'a/b',
    'a/b',
    'a',
    '',
    '',
  ]);
});

describe('where things go', () => {
  const to = (...args: Parameters<typeof placed>) => placed(...args).map((one) => one.to);

  it('is below the folder, under their own names', () => {
    expect(to([file('a.txt'), folder('run')], 'data', true)).toEqual(['data/a.txt', 'data/run']);
    expect(to([file('a.txt'), folder('run')], '', true)).toEqual(['a.txt', 'run']);
  });

  it('is the folder itself for what is in folders', () => {
    expect(to([file('a.txt'), folder('run')], 'data', false)).toEqual(['data/a.txt', 'data']);
    expect(to([folder('run')], '', false)).toEqual(['']);
  });
});

it('tells which files would be in the way of each other', () => {
  const other = { ...file('a.txt'), id: 'other', path: '/elsewhere/a.txt' };
  const sources = [file('a.txt'), folder('run'), other, { ...folder('run'), id: 'run again' }];
  expect(clashing(sources, placed(sources, 'd', true))).toEqual(['d/a.txt']);
  expect(clashing([file('a.txt'), folder('a')], placed(sources, '', true))).toEqual([]);
});

it('takes nothing twice that was chosen twice', () => {
  const again = { ...file('a'), id: 'another' };
  expect(joined([file('a')], [again, file('b')]).map(({ name }) => name)).toEqual(['a', 'b']);
});

describe('leaving one file out', () => {
  const sources = [file('key.pem'), folder('run')];

  it('takes the source away where it is one', () => {
    const places = placed(sources, 'd', true);
    const out = omission('d/key.pem', sources, places);
    expect(out).toEqual({ type: 'source', id: 'id of key.pem' });
  });

  it('names it below the folder it comes from', () => {
    const inside = omission('d/run/x/.env', sources, placed(sources, 'd', true));
    expect(inside).toEqual({ type: 'pattern', pattern: 'x/.env' });
    const content = omission('.env', [folder('run')], placed([folder('run')], '', false));
    expect(content).toEqual({ type: 'pattern', pattern: '.env' });
  });

  it('does not take a folder for one whose name only begins alike', () => {
    expect(omission('run2/x', sources, placed(sources, '', true))).toBeUndefined();
  });

  it('names it literally', () => {
    expect(literal('a[1]*?.txt')).toBe('a[[]1][*][?].txt');
  });
});

it('says what was chosen', () => {
  expect(sourcesWords([folder('run')])).toBe('run');
  expect(sourcesWords([file('a'), file('b'), folder('run')])).toBe('2 files and 1 folder');
});
