import type { ApiError, TransferFile } from '$lib/api/bindings';
import { toApiError } from '$lib/api/errors';
import type { Platform } from '$lib/api/platform';

/** Files that are asked for at a time. */
const PAGE = 500;

/** The files of one transfer in the order of their paths; what nobody looks at is not asked for. */
export class FilePages {
  #pages = $state.raw<ReadonlyMap<number, readonly TransferFile[]>>(new Map());
  /** How many there are; `undefined` before the first page. */
  total = $state<number>();
  error = $state.raw<ApiError>();
  #shown = { first: 0, end: 0 };
  #asked = new Set<number>();

  constructor(
    private readonly platform: Platform,
    private readonly id: number,
  ) {}

  file(index: number): TransferFile | undefined {
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
    const request = { id: this.id, after: page * PAGE, limit: PAGE, state: null };
    try {
      const { files, total } = await this.platform.call('transfer_files', request);
      this.#pages = new Map([...this.#pages, [page, files]]);
      this.total = total;
      this.error = undefined;
    } catch (thrown) {
      this.error = toApiError(thrown);
    }
    this.#asked.delete(page);
  }
}
