import { describe, expect, it } from 'vitest';
import type { Transfer, TransferState } from '$lib/api/bindings';
import { board, status, transfer } from './fake-transfers';
import { type BoardChange, hasEnded, TransferBoard } from './transfer-board.svelte';

const change = (also: Partial<BoardChange>): BoardChange => ({
  type: 'transfers',
  changed: [],
  removed: [],
  order: null,
  isAllPaused: false,
  status: status(),
  ...also,
});

function boardOf(...transfers: Transfer[]) {
  const told = new TransferBoard();
  told.take(board(transfers));
  return told;
}

/** Numbers that look random and are the same in every run. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const STATES: TransferState[] = ['queued', 'running', 'paused', 'waiting', 'done', 'failed'];

/** What Rust would tell: unfinished ones in their order, then the others, newest first. */
function inOrder(all: readonly Transfer[]): Transfer[] {
  const ended = all.filter(hasEnded).toSorted((a, b) => b.id - a.id);
  return [...all.filter((one) => !hasEnded(one)), ...ended];
}

describe('the board of transfers', () => {
  it('begins the bar of a transfer anew that goes elsewhere', () => {
    const told = boardOf(transfer({ bytesDone: 1000, bytesTotal: 2000 }));
    const elsewhere = { type: 'folder', path: '/f' } as const;
    told.apply(change({ changed: [transfer({ bytesDone: 0, bytesTotal: 2000 })] }));
    expect(told.row(1)?.progress).toBe(0.5);
    told.apply(change({ changed: [transfer({ bytesDone: 0, into: elsewhere })] }));
    expect(told.row(1)?.progress).toBe(0);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is after any changes what a new snapshot would make it (seed %i)',
    (seed) => {
      const roll = dice(seed);
      let truth: Transfer[] = [];
      let next = 1;
      const told = new TransferBoard();
      told.take(board([]));
      for (let step = 0; step < 200; step += 1) {
        const before = truth.map(({ id }) => id).join();
        const touched = new Map<number, Transfer>();
        for (let act = roll(4); act >= 0; act -= 1) {
          const at = roll(truth.length + 1);
          const old = truth[at];
          const now = transfer({
            id: old?.id ?? next++,
            state: STATES[roll(STATES.length)] ?? 'queued',
            bytesDone: roll(1000),
          });
          touched.set(now.id, now);
          truth = truth.filter(({ id }) => id !== now.id);
          truth.splice(roll(truth.length + 1), 0, now);
        }
        const gone = truth.filter(() => roll(12) === 0).map(({ id }) => id);
        truth = inOrder(truth.filter(({ id }) => !gone.includes(id)));
        const order = truth.map(({ id }) => id);
        told.apply(
          change({
            changed: [...touched.values()].filter(({ id }) => !gone.includes(id)),
            removed: gone,
            order: order.join() === before ? null : order,
          }),
        );
        expect(told.order).toEqual(order);
        expect(told.order.map((id) => told.row(id)?.now)).toEqual(truth);
        expect(told.unfinished).toBe(truth.filter((one) => !hasEnded(one)).length);
      }
    },
  );

  it('finds a place for what is new and what has ended when no order is told', () => {
    const told = boardOf(transfer({ id: 1 }), transfer({ id: 2, state: 'done' }));
    told.apply(change({ changed: [transfer({ id: 3, state: 'queued' })] }));
    expect(told.order).toEqual([1, 3, 2]);
    told.apply(change({ removed: [1] }));
    expect(told.order).toEqual([3, 2]);
  });

  it('keeps the rows that are still there when a new snapshot comes', () => {
    const told = boardOf(transfer({ id: 1 }), transfer({ id: 2 }));
    const row = told.row(2);
    told.take(board([transfer({ id: 2, bytesDone: 2_000_000_000 })]));
    expect(told.row(2)).toBe(row);
    expect(told.row(1)).toBeUndefined();
    expect(row?.now.bytesDone).toBe(2_000_000_000);
  });

  it('never takes a bar back while the transfer is under way', () => {
    const told = boardOf(transfer({ bytesTotal: 100, bytesDone: 60 }));
    const progress = () => told.row(1)?.progress;
    told.apply(change({ changed: [transfer({ bytesTotal: 200, bytesDone: 70 })] }));
    expect(progress()).toBe(0.6);
    told.apply(change({ changed: [transfer({ bytesTotal: 200, bytesDone: 190 })] }));
    expect(progress()).toBe(0.95);
    told.apply(
      change({ changed: [transfer({ state: 'paused', bytesTotal: 200, bytesDone: 10 })] }),
    );
    expect(progress()).toBe(0.95);
  });

  it('lets a bar begin anew with a transfer that is begun again', () => {
    const told = boardOf(transfer({ state: 'failed', bytesTotal: 100, bytesDone: 90 }));
    told.apply(change({ changed: [transfer({ state: 'queued', bytesTotal: 100, bytesDone: 5 })] }));
    expect(told.row(1)?.progress).toBe(0.05);
  });
});

describe('a move', () => {
  const three = () => boardOf(transfer({ id: 1 }), transfer({ id: 2 }), transfer({ id: 3 }));

  it('is shown before it is made, and stays when it is', () => {
    const told = three();
    const answer = told.move({ id: 3, before: 1, after: null });
    expect(told.order).toEqual([3, 1, 2]);
    answer(true);
    expect(told.order).toEqual([3, 1, 2]);
  });

  it('is taken back when it cannot be made', () => {
    const told = three();
    const answer = told.move({ id: 1, before: null, after: 3 });
    expect(told.order).toEqual([2, 3, 1]);
    answer(false);
    expect(told.order).toEqual([1, 2, 3]);
  });

  it('holds over news that know nothing of it yet', () => {
    const told = three();
    const answer = told.move({ id: 3, before: 2, after: null });
    told.apply(change({ changed: [transfer({ id: 4, state: 'queued' })], order: [1, 2, 3, 4] }));
    expect(told.order).toEqual([1, 3, 2, 4]);
    told.apply(change({ order: [1, 3, 2, 4] }));
    answer(true);
    expect(told.order).toEqual([1, 3, 2, 4]);
  });

  it('stays within the class, and what has ended has no place', () => {
    const told = boardOf(
      transfer({ id: 1, class: 'interactive' }),
      transfer({ id: 2 }),
      transfer({ id: 3 }),
      transfer({ id: 4, class: 'background' }),
      transfer({ id: 5, state: 'done' }),
    );
    expect(told.placesOf(3)).toEqual({ first: 1, end: 3 });
    expect(told.placesOf(1)).toEqual({ first: 0, end: 1 });
    expect(told.placesOf(4)).toEqual({ first: 3, end: 4 });
    expect(told.placesOf(5)).toEqual({ first: 4, end: 5 });
  });
});
