import { describe, expect, it } from 'vitest';
import type { FileList, FileRow } from '$lib/api/bindings';
import { FileTree } from './file-tree.svelte';

const file = (path: string, also: Partial<FileRow> = {}): FileRow => ({
  path,
  bytes: 10,
  isLarge: false,
  isHere: false,
  problem: null,
  ...also,
});

const list = (files: FileRow[], commit = 'c1'): FileList => ({
  commit,
  files,
  bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
});

const small = () =>
  new FileTree(
    list([file('README.md'), file('data/a-10.bin'), file('data/a-2.bin'), file('data/sub/b.bin')]),
  );

const names = (tree: FileTree) => tree.rows.map((node) => node.name);
const press = (tree: FileTree, ...keys: string[]) => {
  for (const key of keys) tree.key(key, 10, 0);
};
const row = (tree: FileTree, name: string) => {
  const node = tree.rows.find((each) => each.name === name);
  if (!node) throw new Error(`no row named ${name}`);
  return node;
};

describe('the tree of files', () => {
  it('shows folders first and counts by number, and opens what is opened', () => {
    const tree = small();
    expect(names(tree)).toEqual(['data', 'README.md']);
    tree.setOpen(row(tree, 'data'), true);
    expect(names(tree)).toEqual(['data', 'sub', 'a-2.bin', 'a-10.bin', 'README.md']);
    expect(row(tree, 'data')).toMatchObject({ bytes: 30, fileCount: 3 });
  });

  it('ticks a folder with all in it, and shows it mixed when one is missing', () => {
    const tree = small();
    press(tree, 'ArrowRight');
    const data = row(tree, 'data');
    tree.toggleTick(data);
    expect(tree.ticked).toMatchObject({ files: 3, bytes: 30 });
    tree.toggleTick(row(tree, 'a-2.bin'));
    expect(tree.tickOf(data)).toBe('mixed');
    expect(tree.ticked.paths).toEqual(['data/sub/b.bin', 'data/a-10.bin']);
    tree.toggleTick(data);
    expect(tree.tickOf(data)).toBe(true);
    tree.toggleTick(data);
    expect(tree.tickOf(data)).toBe(false);
  });

  it('asks for the whole repository when everything is ticked', () => {
    const tree = small();
    tree.tickAll(true);
    expect(tree.ticked).toEqual({ paths: null, files: 4, bytes: 40 });
    tree.tickAll(false);
    expect(tree.ticked).toEqual({ paths: [], files: 0, bytes: 0 });
  });

  it('never ticks a file that this computer cannot hold', () => {
    const tree = new FileTree(list([file('CON', { problem: 'reserved' }), file('ok')]));
    tree.tickAll(true);
    expect(tree.ticked.paths).toEqual(['ok']);
    tree.toggleTick(row(tree, 'CON'));
    expect(tree.tickOf(row(tree, 'CON'))).toBe(false);
  });

  it('keeps what was open and ticked when the same commit is listed again', () => {
    const before = small();
    press(before, 'ArrowRight', 'ArrowDown', ' ');
    const after = new FileTree(
      list([
        file('README.md', { isHere: true }),
        file('data/a-10.bin'),
        file('data/a-2.bin'),
        file('data/sub/b.bin'),
      ]),
      before,
    );
    expect(names(after)).toEqual(names(before));
    expect(after.ticked.paths).toEqual(['data/sub/b.bin']);
    expect(row(after, 'README.md').hereCount).toBe(1);
    expect(after.active).toBe(1);
  });

  it('starts anew for another commit', () => {
    const before = small();
    before.tickAll(true);
    const after = new FileTree(list([file('README.md')], 'c2'), before);
    expect(after.ticked.files).toBe(0);
  });
});

describe('the keys of the tree', () => {
  it('go down, up, to the ends and no further', () => {
    const tree = small();
    press(tree, 'ArrowUp');
    expect(tree.active).toBe(0);
    press(tree, 'End', 'ArrowDown');
    expect(tree.active).toBe(1);
    press(tree, 'Home');
    expect(tree.active).toBe(0);
  });

  it('open with right or Enter, go in, come out and close with left', () => {
    const tree = small();
    press(tree, 'Enter', 'ArrowRight', 'ArrowRight', 'ArrowRight');
    expect(tree.rows[tree.active]?.path).toBe('data/sub/b.bin');
    press(tree, 'ArrowLeft', 'ArrowLeft', 'ArrowLeft');
    expect(tree.rows[tree.active]?.path).toBe('data');
    expect(names(tree)).toContain('sub');
    press(tree, 'ArrowLeft');
    expect(names(tree)).not.toContain('sub');
  });

  it('go to the folder when it closes over their place', () => {
    const tree = small();
    press(tree, 'ArrowRight', 'ArrowDown', 'ArrowDown');
    tree.setOpen(row(tree, 'data'), false);
    expect(tree.rows[tree.active]?.name).toBe('data');
  });

  it('find a name by its first letters, and start over after a pause', () => {
    const tree = small();
    press(tree, 'ArrowRight');
    tree.key('a', 10, 1000);
    expect(tree.rows[tree.active]?.name).toBe('a-2.bin');
    tree.key('-', 10, 1100);
    tree.key('1', 10, 1200);
    expect(tree.rows[tree.active]?.name).toBe('a-10.bin');
    tree.key('r', 10, 3000);
    expect(tree.rows[tree.active]?.name).toBe('README.md');
  });

  it('do not stop at a hundred thousand files', () => {
    const files = Array.from({ length: 100_000 }, (_, index) =>
      file(`d${index % 100}/f${index}.bin`),
    );
    const tree = new FileTree(list(files));
    press(tree, ' ', 'ArrowRight', 'End');
    expect(tree.ticked.files).toBe(1000);
    expect(tree.rows).toHaveLength(1100);
    // Seconds on a busy machine; the default limit measures the machine, not the tree.
  }, 30_000);
});
