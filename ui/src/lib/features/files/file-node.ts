import type { FileRow } from '$lib/api/bindings';

/** A folder or a file in the tree. Sums are of everything below. */
export interface FileNode {
  readonly name: string;
  readonly path: string;
  /** 0 at the root of the repository. */
  readonly depth: number;
  readonly parent: FileNode | null;
  /** `null` for a file. */
  readonly children: FileNode[] | null;
  /** `null` for a folder. */
  readonly file: FileRow | null;
  bytes: number;
  fileCount: number;
  hereCount: number;
  /** Files that can be ticked: all but those this computer cannot hold. */
  tickable: number;
  ticked: number;
  isOpen: boolean;
}

const byName = new Intl.Collator('en', { numeric: true });

/** Builds the tree that the paths imply: folders first, then by name. */
export function buildTree(files: readonly FileRow[]): FileNode {
  const root = folder('', null);
  const folders = new Map([['', root]]);
  for (const file of files) {
    const parent = folderOf(file.path, folders);
    parent.children?.push(leaf(file, parent));
    addUp(parent, file);
  }
  for (const node of folders.values()) node.children?.sort(compare);
  return root;
}

/** A folder and everything below it, in the order shown, whatever is open. */
export function* descendants(node: FileNode): Generator<FileNode> {
  for (const child of node.children ?? []) {
    yield child;
    yield* descendants(child);
  }
}

function folderOf(path: string, folders: Map<string, FileNode>): FileNode {
  const end = path.lastIndexOf('/');
  const at = end < 0 ? '' : path.slice(0, end);
  const known = folders.get(at);
  if (known) return known;
  const parent = folderOf(at, folders);
  const made = folder(at, parent);
  parent.children?.push(made);
  folders.set(at, made);
  return made;
}

function addUp(folder: FileNode, file: FileRow): void {
  for (let node: FileNode | null = folder; node; node = node.parent) {
    node.bytes += file.bytes;
    node.fileCount += 1;
    node.hereCount += file.isHere ? 1 : 0;
    node.tickable += file.problem === null ? 1 : 0;
  }
}

function folder(path: string, parent: FileNode | null): FileNode {
  const none = { bytes: 0, fileCount: 0, hereCount: 0, tickable: 0, ticked: 0 };
  return { ...place(path, parent), children: [], file: null, ...none, isOpen: parent === null };
}

function leaf(file: FileRow, parent: FileNode): FileNode {
  return {
    ...place(file.path, parent),
    children: null,
    file,
    bytes: file.bytes,
    fileCount: 1,
    hereCount: file.isHere ? 1 : 0,
    tickable: file.problem === null ? 1 : 0,
    ticked: 0,
    isOpen: false,
  };
}

function place(path: string, parent: FileNode | null) {
  return {
    path,
    parent,
    name: path.slice(path.lastIndexOf('/') + 1),
    depth: parent === null ? -1 : parent.depth + 1,
  };
}

function compare(a: FileNode, b: FileNode): number {
  if ((a.children === null) !== (b.children === null)) return a.children === null ? 1 : -1;
  return byName.compare(a.name, b.name);
}
