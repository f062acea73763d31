import { describe, expect, it } from 'vitest';
import { board, transfer } from '$lib/state/fake-transfers';
import { TransferBoard } from '$lib/state/transfer-board.svelte';
import { placeMove, type Step, stepMove } from './queue-move';

function queue() {
  const told = new TransferBoard();
  told.take(
    board([
      transfer({ id: 1, class: 'interactive' }),
      transfer({ id: 2 }),
      transfer({ id: 3 }),
      transfer({ id: 4 }),
      transfer({ id: 5, state: 'done' }),
    ]),
  );
  return told;
}

function after(id: number, step: Step): readonly number[] | undefined {
  const told = queue();
  const move = stepMove(told, id, step);
  if (!move) return undefined;
  told.move(move);
  return told.order;
}

describe('a step in the queue', () => {
  it.each<[number, Step, number[] | undefined]>([
    [3, 'up', [1, 3, 2, 4, 5]],
    [3, 'down', [1, 2, 4, 3, 5]],
    [4, 'first', [1, 4, 2, 3, 5]],
    [2, 'last', [1, 3, 4, 2, 5]],
    [2, 'up', undefined],
    [4, 'down', undefined],
    [1, 'down', undefined],
    [5, 'up', undefined],
  ])('of %i %s gives %o', (id, step, order) => {
    expect(after(id, step)).toEqual(order);
  });
});

it('drops what is dragged beyond its class at the end of that', () => {
  expect(placeMove(queue(), 3, 0)).toEqual({ id: 3, before: 2, after: null });
  expect(placeMove(queue(), 2, 99)).toEqual({ id: 2, before: null, after: 4 });
  expect(placeMove(queue(), 3, 2)).toBeUndefined();
});
