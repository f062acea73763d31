import type { Move, TransferBoard } from '$lib/state/transfer-board.svelte';

/** Where a key or a button moves a transfer. */
export type Step = 'up' | 'down' | 'first' | 'last';

/** The move by one step; nothing where the transfer cannot go there. */
export function stepMove(board: TransferBoard, id: number, step: Step): Move | undefined {
  const { first, end } = board.placesOf(id);
  const at = board.order.indexOf(id);
  const to = { up: at - 1, down: at + 2, first, last: end }[step];
  return placeMove(board, id, to);
}

/** The move to before what is at a place of the order now, as far as its class goes. */
export function placeMove(board: TransferBoard, id: number, place: number): Move | undefined {
  const { order } = board;
  const at = order.indexOf(id);
  const { first, end } = board.placesOf(id);
  const to = Math.max(first, Math.min(end, place));
  if (at < 0 || at >= board.unfinished || to === at || to === at + 1) return undefined;
  return to === end
    ? { id, before: null, after: order[end - 1] ?? null }
    : { id, before: order[to] ?? null, after: null };
}
