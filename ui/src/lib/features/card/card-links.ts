/** Worth handing to Rust, which decides, and says why when it refuses. */
const OPENABLE = ['https:', 'http:', 'mailto:'];

/** Where a link in a card leads. */
export type CardLink =
  { to: 'outside'; url: string } | { to: 'anchor'; id: string } | { to: 'nowhere' };

/**
 * Resolves a link of a card as its page on the web would: a bare path is a file of the repository,
 * a path from the root is a page of the Hub. `webUrl` is the repository's own page.
 */
export function resolveCardLink(href: string, webUrl: string, revision: string): CardLink {
  if (href.startsWith('#')) return { to: 'anchor', id: decode(href.slice(1)) };
  try {
    const base = `${webUrl}/blob/${encodeURIComponent(revision)}/`;
    const url = new URL(href, base);
    return OPENABLE.includes(url.protocol) ? { to: 'outside', url: url.href } : { to: 'nowhere' };
  } catch {
    return { to: 'nowhere' };
  }
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/**
 * The level each heading should be announced at: the page above has the first, and none is left
 * out on the way down, whatever the author wrote.
 */
export function headingLevels(written: readonly number[]): number[] {
  const open: number[] = [];
  return written.map((level) => {
    while ((open.at(-1) ?? 0) >= level) open.pop();
    open.push(level);
    return Math.min(6, open.length + 1);
  });
}
