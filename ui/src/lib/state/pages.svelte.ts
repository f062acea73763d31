import type { ApiError } from '$lib/api/bindings';
import { toApiError } from '$lib/api/errors';

/** Rows that are asked for at a time. */
const PAGE = 500;

/** Reads rows; `total` is how many there are. */
type Read<T> = (after: number, limit: number) => Promise<{ files: readonly T[]; total: number }>;

/** Rows of a list that may be very long; what nobody looks at is not asked for. */
export class Pages<T> {
  #pages = $state.raw<ReadonlyMap<number, readonly T[]>>(new Map());
  /** How many there are; `undefined` before the first page. */
  total = $state<number>();
  error = $state.raw<ApiError>();
  #shown = { first: 0, end: 0 };
  #asked = new Set<number>();

  constructor(private readonly read: Read<T>) {}

  file(index: number): T | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Rows `first` to `end` are drawn: reads what is not known of them. */
  show(first: number, end: number): void {
    this.#shown = { first, end };
    if (this.error) return;
    for (const page of this.#drawn()) if (!this.#pages.has(page)) void this.#load(page);
  }

  /** Reads again what is drawn: it changes while the transfer is at work, or after a failure. */
  async refresh(): Promise<void> {
    await Promise.all(this.#drawn().map((page) => this.#load(page)));
  }

  #drawn(): number[] {
    const first = Math.floor(this.#shown.first / PAGE);
    const last = Math.floor(Math.max(0, this.#shown.end - 1) / PAGE);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }

  async #load(page: number): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    try {
      const { files, total } = await this.read(page * PAGE, PAGE);
      this.#pages = new Map([...this.#pages, [page, files]]);
      this.total = total;
      this.error = undefined;
    } catch (thrown) {
      this.error = toApiError(thrown);
    }
    this.#asked.delete(page);
  }
}
