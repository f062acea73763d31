import { untrack } from 'svelte';
import type { RepoRow } from '$lib/api/bindings';
import type { Kind } from '$lib/address';
import type { Resource, Resources } from '$lib/state/resource.svelte';

/** Rows before the end at which the next page is asked for. */
const AHEAD = 30;

type Page = Resource<'repo_list'>;

/** One search: a list that grows page by page, and of which only what is on screen is kept fresh. */
export class RepoSearch {
  #pages = $state.raw<readonly Page[]>([]);
  /** At which Hub, and as whom; reading it where a search is made makes another for the next one. */
  readonly visit: number;

  constructor(
    private readonly resources: Resources,
    readonly kind: Kind,
    readonly words: string,
  ) {
    this.visit = resources.visit;
    // A search is made once for its words; an answer that arrives does not make another.
    this.#pages = untrack(() => this.#knownPages());
  }

  readonly rows: readonly RepoRow[] = $derived.by(() =>
    this.#pages.flatMap((page) => page.data?.repos ?? []),
  );

  /** Whether there is something to show, if only that nothing was found. */
  get isReady(): boolean {
    return this.#pages[0]?.data !== undefined;
  }

  /** Since when the oldest page is known, if the Hub could not be asked for all of them. */
  get asOf(): number | null {
    const known = this.#pages.flatMap((page) => page.asOf ?? []);
    return known.length === 0 ? null : Math.min(...known);
  }

  get isLoading(): boolean {
    return this.#pages.some((page) => page.isLoading);
  }

  /** A page that could not be had, nearest to the top. */
  get failed(): Page | undefined {
    return this.#pages.find((page) => page.error !== undefined);
  }

  get hasMore(): boolean {
    const last = this.#pages.at(-1);
    return last?.data === undefined || last.data.next !== null;
  }

  /** These rows are on screen: keeps their pages fresh and fetches ahead of the end. */
  show(first: number, end: number): () => void {
    if (end + AHEAD >= this.rows.length) this.#grow();
    const releases = this.#pagesOf(first, end).map((page) => this.resources.hold(page));
    return () => {
      for (const release of releases) release();
    };
  }

  #grow(): void {
    const next = this.#pages.at(-1)?.data?.next;
    if (next !== undefined && next !== null) this.#pages = [...this.#pages, this.#page(next)];
  }

  /** The first page, and those after it that were read before: the way back finds its place. */
  #knownPages(): Page[] {
    const pages = [this.#page(null)];
    for (;;) {
      const next = pages.at(-1)?.data?.next;
      if (next === undefined || next === null) return pages;
      const page = this.#page(next);
      if (page.data === undefined) return pages;
      pages.push(page);
    }
  }

  #pagesOf(first: number, end: number): Page[] {
    let start = 0;
    return this.#pages.filter((page) => {
      const isMissing = page.data === undefined;
      const from = start;
      start += page.data?.repos.length ?? 0;
      return isMissing || (from < Math.max(end, 1) && start > first);
    });
  }

  #page(cursor: string | null): Page {
    return this.resources.entry('repo_list', { kind: this.kind, search: this.words, cursor });
  }
}
