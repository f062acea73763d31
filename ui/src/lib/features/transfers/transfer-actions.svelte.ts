import { toApiError } from '$lib/api/errors';
import type { Platform } from '$lib/api/platform';
import type { Toasts } from '$lib/state/toasts.svelte';

type OnOne = 'cancel_transfer' | 'retry_transfer' | 'show_folder';

/** What can be done to transfers. What comes of it arrives with the next board. */
export class TransferActions {
  /** Asked for and not answered yet, so that a second press does nothing. */
  #pending = $state.raw<ReadonlySet<string>>(new Set());

  constructor(
    private readonly platform: Platform,
    private readonly toasts: Toasts,
  ) {}

  isPending(command: OnOne, id: number): boolean {
    return this.#pending.has(`${command} ${id}`);
  }

  async run(command: OnOne, id: number): Promise<void> {
    const key = `${command} ${id}`;
    if (this.#pending.has(key)) return;
    this.#pending = new Set([...this.#pending, key]);
    await this.#try(() => this.platform.call(command, { id }));
    this.#pending = new Set([...this.#pending].filter((other) => other !== key));
  }

  async clear(): Promise<void> {
    await this.#try(() => this.platform.call('clear_transfers', null));
  }

  async #try(work: () => Promise<null>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.toasts.show({ tone: 'danger', text: toApiError(thrown).message });
    }
  }
}
