import type { Transfer } from '$lib/api/bindings';
import { nameOf, type TransferBoard } from '$lib/state/transfer-board.svelte';
import { placeMove, type Step, stepMove } from './queue-move';
import type { TransferActions } from './transfer-actions.svelte';

/** In pixels: a row, how much more one that is open needs, and how much more an error does. */
export interface Sizes {
  readonly row: number;
  readonly open: number;
  readonly error: number;
}

const STEPS: Partial<Record<string, Step>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

/** The list of transfers as it is being looked at: where the keys are, what is open, what is dragged. */
export class QueueView {
  /** The transfer that has the keys. */
  #active = $state<number>();
  #open = $state.raw<ReadonlySet<number>>(new Set());
  /** What is dragged, and to before which place. */
  drag = $state.raw<{ readonly id: number; readonly place: number }>();
  /** What was done, for those who do not see it. */
  said = $state('');

  constructor(
    readonly board: TransferBoard,
    readonly actions: TransferActions,
    private readonly sizes: () => Sizes,
  ) {}

  /** By how much rows are taller, by their place. */
  readonly taller: ReadonlyMap<number, number> = $derived.by(() => {
    const { open, error } = this.sizes();
    const sizes = [...this.#open].map((id): [number, number] => {
      const transfer = this.board.row(id)?.now;
      return [this.board.order.indexOf(id), open + (transfer?.error ? error : 0)];
    });
    return new Map(sizes.filter(([place]) => place >= 0));
  });

  /** The place that has the keys. */
  readonly activePlace: number = $derived.by(() => {
    const place = this.#active === undefined ? 0 : this.board.order.indexOf(this.#active);
    return Math.max(0, place);
  });

  activate(id: number): void {
    this.#active = id;
  }

  /** Moves the keys to a place, as far as there is one. */
  goTo(place: number): void {
    const last = this.board.order.length - 1;
    this.#active = this.board.order[Math.max(0, Math.min(last, place))];
  }

  isOpen(id: number): boolean {
    return this.#open.has(id);
  }

  setOpen(id: number, isOpen: boolean): void {
    const rest = [...this.#open].filter((other) => other !== id);
    this.#open = new Set(isOpen ? [...rest, id] : rest);
  }

  /** Does what a list does with a key. Gives whether it took the key. */
  key(key: string, pageRows: number): boolean {
    const at = this.activePlace;
    const place = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      PageUp: at - pageRows,
      PageDown: at + pageRows,
      Home: 0,
      End: this.board.order.length - 1,
    }[key];
    if (place !== undefined) this.goTo(place);
    return place !== undefined;
  }

  /** Does what a row by itself does with a key. Gives whether it took the key. */
  rowKey(key: string, { id, state }: Transfer): boolean {
    switch (key) {
      case 'Enter':
        this.setOpen(id, !this.isOpen(id));
        return true;
      case ' ':
        if (state === 'paused') void this.actions.run('resume_transfer', id);
        else if (canBePaused(state)) void this.actions.run('pause_transfer', id);
        return true;
      default:
        return false;
    }
  }

  /** Moves a transfer by a key that is pressed with Alt. Gives whether it took the key. */
  stepKey(key: string, id: number): boolean {
    const step = STEPS[key];
    if (step) void this.step(id, step);
    return step !== undefined;
  }

  async step(id: number, step: Step): Promise<void> {
    const move = stepMove(this.board, id, step);
    if (move) await this.#announce(id, this.actions.move(move));
    else this.said = `${this.#name(id)} cannot be moved further`;
  }

  dragOver(id: number, at: number): void {
    const { first, end } = this.board.placesOf(id);
    const place = Math.max(first, Math.min(end, at));
    if (this.drag?.id !== id || this.drag.place !== place) this.drag = { id, place };
  }

  async drop(): Promise<void> {
    const { drag } = this;
    this.drag = undefined;
    const move = drag && placeMove(this.board, drag.id, drag.place);
    if (move) await this.#announce(move.id, this.actions.move(move));
  }

  async #announce(id: number, made: Promise<boolean>): Promise<void> {
    const place = this.board.order.indexOf(id) + 1;
    const words = `${this.#name(id)} is now number ${place} of ${this.board.unfinished}`;
    if (await made) this.said = words;
  }

  #name(id: number): string {
    const row = this.board.row(id);
    return row ? nameOf(row.now) : '';
  }
}

export function canBePaused(state: Transfer['state']): boolean {
  return state === 'queued' || state === 'running' || state === 'waiting' || state === 'blocked';
}
