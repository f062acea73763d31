import type { TransferClass } from '$lib/api/bindings';
import { toApiError } from '$lib/api/errors';
import type { Platform } from '$lib/api/platform';
import type { Toasts } from '$lib/state/toasts.svelte';
import type { Move, TransferBoard } from '$lib/state/transfer-board.svelte';

type OnOne =
  | 'pause_transfer'
  | 'resume_transfer'
  | 'cancel_transfer'
  | 'retry_transfer'
  | 'remove_transfer'
  | 'overwrite_transfer'
  | 'redirect_transfer'
  | 'show_folder';

type OnAll = 'pause_all' | 'resume_all' | 'clear_transfers';

/** What can be done to transfers. What comes of it arrives with the next news of the board. */
export class TransferActions {
  /** Asked for and not answered yet, so that a second press does nothing. */
  #pending = $state.raw<ReadonlySet<string>>(new Set());
  /** Moves are made one after the other: each counts on the ones before. */
  #moves: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly platform: Platform,
    private readonly toasts: Toasts,
    private readonly board: TransferBoard,
  ) {}

  isPending(command: OnOne | OnAll, id?: number): boolean {
    return this.#pending.has(key(command, id));
  }

  run(command: Exclude<OnOne, 'redirect_transfer'>, id: number): Promise<boolean> {
    return this.#once(key(command, id), () => this.platform.call(command, { id }));
  }

  /** Lets a person choose another folder, and has it go there. They may choose none. */
  redirect(id: number): Promise<boolean> {
    return this.#once(key('redirect_transfer', id), async () => {
      const folder = await this.platform.call('pick_folder', null);
      if (folder) await this.platform.call('redirect_transfer', { id, folder: folder.id });
    });
  }

  runAll(command: OnAll): Promise<boolean> {
    return this.#once(key(command), () => this.platform.call(command, null));
  }

  setClass(id: number, urgency: TransferClass): Promise<boolean> {
    return this.#try(() => this.platform.call('set_transfer_class', { id, class: urgency }));
  }

  /** Shows the move at once, and takes it back if it cannot be made. */
  async move(move: Move): Promise<boolean> {
    const { id, before } = move;
    const answer = this.board.move(move);
    const made = this.#moves.then(() =>
      this.#try(() => this.platform.call('move_transfer', { id, before })),
    );
    this.#moves = made;
    const isMade = await made;
    answer(isMade);
    return isMade;
  }

  async #once(name: string, work: () => Promise<unknown>): Promise<boolean> {
    if (this.#pending.has(name)) return false;
    this.#pending = new Set([...this.#pending, name]);
    const isDone = await this.#try(work);
    this.#pending = new Set([...this.#pending].filter((other) => other !== name));
    return isDone;
  }

  async #try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.toasts.show({ tone: 'danger', text: toApiError(thrown).message });
      return false;
    }
  }
}

function key(command: string, id?: number): string {
  return id === undefined ? command : `${command} ${id}`;
}
