import type {
  Board,
  Status,
  Transfer,
  TransferClass,
  TransferState,
  UiEvent,
} from '$lib/api/bindings';
import { untrack } from 'svelte';
import { newsOf, type Step } from './transfer-news';

/** What changed on the board. */
export type BoardChange = Extract<UiEvent, { type: 'transfers' }>;

/** A transfer goes to another place of the queue. */
export interface Move {
  readonly id: number;
  /** The one it comes before; `null` makes it the last of its class. */
  readonly before: number | null;
  /** The one it comes after then. */
  readonly after: number | null;
}

/** Before anything is known. */
export const NOTHING_YET: Status = {
  running: 0,
  queued: 0,
  waiting: 0,
  paused: 0,
  needsYou: 0,
  bytesPerSecond: 0,
  uploadBytesPerSecond: 0,
  secondsLeft: null,
  isOnline: true,
  isToldOffline: false,
  hubWaitSeconds: null,
  bytesFree: null,
  queueTrouble: null,
};

const ENDED: ReadonlySet<TransferState> = new Set(['done', 'failed', 'cancelled']);

/** What a person calls it: its repository, where it is about one. */
export function nameOf({ repo, title }: Transfer): string {
  return repo?.name ?? title;
}

export function hasEnded({ state }: Transfer): boolean {
  return ENDED.has(state);
}

/** One transfer, which changes by itself: of five thousand, only those that move are drawn again. */
export class TransferRow {
  #now = $state.raw() as Transfer;
  #furthest = $state(0);

  constructor(transfer: Transfer) {
    this.#now = transfer;
    this.#furthest = fraction(transfer);
  }

  get now(): Transfer {
    return this.#now;
  }

  /**
   * How far it is, between 0 and 1; `null` before its size is known. It grows as long as the transfer
   * is under way, also when it turns out that there is more to do than was thought.
   */
  get progress(): number | null {
    const { state, bytesTotal } = this.#now;
    if (state === 'done') return 1;
    if (bytesTotal === 0) return state === 'running' ? null : 0;
    return this.#furthest;
  }

  put(next: Transfer): void {
    const isElsewhere = placeOf(next) !== placeOf(this.#now);
    const isBegunAgain = isElsewhere || (hasEnded(this.#now) && !hasEnded(next));
    this.#furthest = isBegunAgain ? fraction(next) : Math.max(this.#furthest, fraction(next));
    this.#now = next;
  }
}

function placeOf({ into }: Transfer): string | null {
  return into.type === 'folder' ? into.path : null;
}

function fraction({ bytesDone, bytesTotal }: Transfer): number {
  return bytesTotal === 0 ? 0 : Math.min(1, bytesDone / bytesTotal);
}

/** All transfers in their order, as Rust tells them: once as a whole, then what changed. */
export class TransferBoard {
  status = $state.raw<Status>(NOTHING_YET);
  isAllPaused = $state(false);
  /** What has come of transfers lately, for those who do not see it. */
  news = $state('');
  #rows = new Map<number, TransferRow>();
  /** The order as it was told last, and the moves that were asked for and are not answered yet. */
  #told = $state.raw<readonly number[]>([]);
  #moves = $state.raw<readonly Move[]>([]);
  /** Counts the changes by which something may have ended, or begun again. */
  #ends = $state(0);

  /** Ids of the unfinished ones in the order of the queue, then of the others, newest first. */
  readonly order: readonly number[] = $derived(this.#moves.reduce(moved, this.#told));

  /** How many of the order have not ended. */
  readonly unfinished: number = $derived.by(() => {
    void this.#ends;
    const { order } = this;
    // Whoever looks here has nothing to do with how far each of them is.
    const first = untrack(() => order.findIndex((id) => this.#hasEnded(id)));
    return first < 0 ? order.length : first;
  });

  row(id: number): TransferRow | undefined {
    return this.#rows.get(id);
  }

  take({ transfers, isAllPaused, status }: Board): void {
    const known = this.#rows;
    this.#rows = new Map();
    for (const transfer of transfers) {
      const row = known.get(transfer.id);
      row?.put(transfer);
      this.#rows.set(transfer.id, row ?? new TransferRow(transfer));
    }
    this.#told = transfers.map(({ id }) => id);
    this.isAllPaused = isAllPaused;
    this.status = status;
    this.#ends += 1;
  }

  apply({ changed, removed, order, isAllPaused, status }: BoardChange): void {
    const isNew = (id: number) => !this.#rows.has(id);
    const added = changed.map(({ id }) => id).filter(isNew);
    const steps = changed.flatMap((transfer): Step[] => {
      const before = this.#put(transfer);
      return before ? [{ before, now: transfer }] : [];
    });
    this.news = newsOf(steps, nameOf) || this.news;
    for (const id of removed) this.#rows.delete(id);
    if (order) this.#told = order.filter((id) => this.#rows.has(id));
    else if (added.length + removed.length > 0) this.#told = this.#ordered(added);
    this.isAllPaused = isAllPaused;
    this.status = status;
  }

  /** Where a transfer may go: its class has these places of the order, the end not included. */
  placesOf(id: number): { first: number; end: number } {
    const { order, unfinished } = this;
    const at = order.indexOf(id);
    const wanted = this.#classAt(at);
    if (at < 0 || at >= unfinished) return { first: at, end: at + 1 };
    let [first, end] = [at, at + 1];
    while (first > 0 && this.#classAt(first - 1) === wanted) first -= 1;
    while (end < unfinished && this.#classAt(end) === wanted) end += 1;
    return { first, end };
  }

  /** Shows a move at once. The function returned says whether Rust has made it. */
  move(move: Move): (isMade: boolean) => void {
    this.#moves = [...this.#moves, move];
    return (isMade) => {
      this.#moves = this.#moves.filter((other) => other !== move);
      // The event that tells it may still be on its way.
      if (isMade) this.#told = moved(this.#told, move);
    };
  }

  /** Takes how a transfer stands; gives how it stood, if it was known. */
  #put(transfer: Transfer): Transfer | undefined {
    const row = this.#rows.get(transfer.id);
    const before = row?.now;
    if (!row || hasEnded(row.now) !== hasEnded(transfer)) this.#ends += 1;
    if (row) row.put(transfer);
    else this.#rows.set(transfer.id, new TransferRow(transfer));
    return before;
  }

  /** The order as it was told, without what is gone, and what is new at the end of what it belongs to. */
  #ordered(added: readonly number[]): number[] {
    const kept = this.#told.filter((id) => this.#rows.has(id));
    const ids = [...kept, ...added.filter((id) => this.#rows.has(id))];
    return [...ids.filter((id) => !this.#hasEnded(id)), ...ids.filter((id) => this.#hasEnded(id))];
  }

  #hasEnded(id: number): boolean {
    const row = this.#rows.get(id);
    return row !== undefined && hasEnded(row.now);
  }

  #classAt(place: number): TransferClass | undefined {
    return this.#rows.get(this.order[place] ?? -1)?.now.class;
  }
}

/** The order after a move, which changes nothing where one of the two is gone. */
function moved(order: readonly number[], { id, before, after }: Move): readonly number[] {
  const rest = order.filter((other) => other !== id);
  const neighbour = rest.indexOf(before ?? after ?? -1);
  if (rest.length === order.length || neighbour < 0) return order;
  return rest.toSpliced(before === null ? neighbour + 1 : neighbour, 0, id);
}
