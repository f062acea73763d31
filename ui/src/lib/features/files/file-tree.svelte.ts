import type { FileList } from '$lib/api/bindings';
import { buildTree, descendants, type FileNode } from './file-node';

/** Keys typed within this time spell one name. */
const TYPEAHEAD_MS = 700;

/** What is ticked, in total. */
export interface Ticked {
  /** `null` when every file is: the whole repository. */
  paths: string[] | null;
  files: number;
  bytes: number;
}

/**
 * The files of one commit as a tree: what is open, what is ticked, where the keys are. Nodes are
 * plain objects, because a hundred thousand reactive ones would be slow; two counters tell who
 * looks that something changed.
 */
export class FileTree {
  readonly commit: string;
  readonly root: FileNode;
  /** The row the keys are at. */
  active = $state(0);
  #shape = $state(0);
  #ticks = $state(0);
  #typed = { text: '', at: 0 };

  /** `before` is the same commit as it was listed before: what was open and ticked stays so. */
  constructor(list: FileList, before?: FileTree) {
    this.commit = list.commit;
    this.root = buildTree(list.files);
    if (before?.commit === list.commit) this.#carryOver(before);
  }

  /** What is visible, from top to bottom. */
  readonly rows: readonly FileNode[] = $derived.by(() => {
    void this.#shape;
    const rows: FileNode[] = [];
    flatten(this.root, rows);
    return rows;
  });

  readonly ticked: Ticked = $derived.by(() => {
    void this.#ticks;
    const files = [...descendants(this.root)].filter((node) => node.file && node.ticked > 0);
    const isAll = files.length === this.root.fileCount;
    return {
      paths: isAll ? null : files.map((node) => node.path),
      files: files.length,
      bytes: files.reduce((sum, node) => sum + node.bytes, 0),
    };
  });

  tickOf(node: FileNode): boolean | 'mixed' {
    void this.#ticks;
    if (node.ticked === 0) return false;
    return node.ticked === node.tickable ? true : 'mixed';
  }

  isOpen(node: FileNode): boolean {
    void this.#shape;
    return node.isOpen;
  }

  /** Ticks a file or everything in a folder; unticks it when all of it was ticked. */
  toggleTick(node: FileNode): void {
    this.#setTick(node, node.ticked < node.tickable);
    this.#ticks += 1;
  }

  tickAll(isTicked: boolean): void {
    this.#setTick(this.root, isTicked);
    this.#ticks += 1;
  }

  setOpen(node: FileNode, isOpen: boolean): void {
    if (node.children === null || node.isOpen === isOpen) return;
    const active = this.rows[this.active];
    node.isOpen = isOpen;
    this.#shape += 1;
    // The keys stay where they were, or go to the folder that swallowed their place.
    const at = active ? this.rows.indexOf(active) : -1;
    this.active = at >= 0 ? at : Math.max(0, this.rows.indexOf(node));
  }

  /** The folder the keys are in: an open one that they are at, else the one around their place. */
  readonly folder: string = $derived.by(() => {
    const node = this.rows[this.active];
    const isInside = node?.children !== null && node?.isOpen;
    return (isInside ? node : node?.parent)?.path ?? '';
  });

  /** Does what a tree does with a key. Gives whether it took the key. */
  key(key: string, pageRows: number, now: number): boolean {
    const node = this.rows[this.active];
    if (!node) return false;
    switch (key) {
      case 'ArrowDown':
        return this.#moveTo(this.active + 1);
      case 'ArrowUp':
        return this.#moveTo(this.active - 1);
      case 'PageDown':
        return this.#moveTo(this.active + pageRows);
      case 'PageUp':
        return this.#moveTo(this.active - pageRows);
      case 'Home':
        return this.#moveTo(0);
      case 'End':
        return this.#moveTo(this.rows.length - 1);
      case 'ArrowRight':
        return this.#inwards(node);
      case 'ArrowLeft':
        return this.#outwards(node);
      case 'Enter':
        this.setOpen(node, !node.isOpen);
        return true;
      case ' ':
        this.toggleTick(node);
        return true;
      default:
        return key.length === 1 && this.#typeahead(key, now);
    }
  }

  #moveTo(row: number): true {
    this.active = Math.max(0, Math.min(this.rows.length - 1, row));
    return true;
  }

  #inwards(node: FileNode): true {
    if (node.children !== null && node.isOpen) return this.#moveTo(this.active + 1);
    this.setOpen(node, true);
    return true;
  }

  #outwards(node: FileNode): true {
    if (node.children !== null && node.isOpen) this.setOpen(node, false);
    else if (node.parent && node.parent !== this.root) this.#moveTo(this.rows.indexOf(node.parent));
    return true;
  }

  #typeahead(key: string, now: number): boolean {
    const isNew = now - this.#typed.at > TYPEAHEAD_MS;
    const text = (isNew ? '' : this.#typed.text) + key.toLowerCase();
    this.#typed = { text, at: now };
    // One letter again and again walks through the names that begin with it.
    const from = this.active + (text.length === 1 ? 1 : 0);
    const order = [...this.rows.slice(from), ...this.rows.slice(0, from)];
    const found = order.find((node) => node.name.toLowerCase().startsWith(text));
    return found ? this.#moveTo(this.rows.indexOf(found)) : true;
  }

  #setTick(node: FileNode, isTicked: boolean): void {
    const before = node.ticked;
    for (const each of [node, ...descendants(node)]) each.ticked = isTicked ? each.tickable : 0;
    for (let above = node.parent; above; above = above.parent) above.ticked += node.ticked - before;
  }

  #carryOver(before: FileTree): void {
    const known = new Map([...descendants(before.root)].map((node) => [node.path, node]));
    for (const node of descendants(this.root)) {
      const old = known.get(node.path);
      if (!old) continue;
      node.isOpen = old.isOpen;
      if (node.file && old.ticked > 0) this.#setTick(node, true);
    }
    this.active = before.active;
  }
}

function flatten(folder: FileNode, into: FileNode[]): void {
  for (const child of folder.children ?? []) {
    into.push(child);
    if (child.isOpen) flatten(child, into);
  }
}
