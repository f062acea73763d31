import type { KnownSource, UploadSource } from '$lib/api/bindings';

/** The path that was typed, without what makes none: blanks, and slashes at its ends. */
export function folderIn(typed: string): string {
  return typed
    .trim()
    .split(/[\\/]+/)
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** Where each of `sources` goes below `folder`: a folder under its own name, or only its content. */
export function placed(
  sources: readonly KnownSource[],
  folder: string,
  keepsNames: boolean,
): UploadSource[] {
  return sources.map(({ id, name, isFolder }) => {
    const parts = isFolder && !keepsNames ? [folder] : [folder, name];
    return { source: id, to: parts.filter(Boolean).join('/') };
  });
}

/** The sources with more of them; what is there already is not taken twice. */
export function joined(
  sources: readonly KnownSource[],
  more: readonly KnownSource[],
): readonly KnownSource[] {
  const known = new Set(sources.map(({ path }) => path));
  return [...sources, ...more.filter(({ path }) => !known.has(path))];
}

/** Paths that several of the files would have; folders of one name become one. */
export function clashing(
  sources: readonly KnownSource[],
  places: readonly UploadSource[],
): string[] {
  const files = new Set(sources.filter(({ isFolder }) => !isFolder).map(({ id }) => id));
  const paths = places.filter(({ source }) => files.has(source)).map(({ to }) => to);
  const seen = new Set<string>();
  return [...new Set(paths.filter((path) => seen.size === seen.add(path).size))];
}

/** A way to keep one file of an upload here. */
export type Omission =
  | { readonly type: 'source'; readonly id: string }
  | { readonly type: 'pattern'; readonly pattern: string };

/** How the file that would go to `path` is left out: its source is taken away, or a pattern names it. */
export function omission(
  path: string,
  sources: readonly KnownSource[],
  places: readonly UploadSource[],
): Omission | undefined {
  // Of two for one place the later one counts.
  for (const { source, to } of places.toReversed()) {
    const isFolder = sources.find(({ id }) => id === source)?.isFolder;
    if (!isFolder && to === path) return { type: 'source', id: source };
    if (isFolder && (to === '' || path.startsWith(`${to}/`))) {
      return { type: 'pattern', pattern: literal(to === '' ? path : path.slice(to.length + 1)) };
    }
  }
  return undefined;
}

/** The pattern that only this path matches. */
export function literal(path: string): string {
  return path.replace(/[*?[]/g, (sign) => `[${sign}]`);
}

/** What was chosen, in a word or two. */
export function sourcesWords(sources: readonly KnownSource[]): string {
  const [one] = sources;
  if (one && sources.length === 1) return one.name;
  const folders = sources.filter(({ isFolder }) => isFolder).length;
  const files = sources.length - folders;
  const parts = [
    files > 0 && `${files} ${files === 1 ? 'file' : 'files'}`,
    folders > 0 && `${folders} ${folders === 1 ? 'folder' : 'folders'}`,
  ];
  return parts.filter(Boolean).join(' and ');
}
