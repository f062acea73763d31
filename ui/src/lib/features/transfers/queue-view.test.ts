import { describe, expect, it, vi } from 'vitest';
import { FakePlatform } from '$lib/state/fake-platform';
import { board, transfer } from '$lib/state/fake-transfers';
import { Toasts } from '$lib/state/toasts.svelte';
import { TransferBoard } from '$lib/state/transfer-board.svelte';
import { QueueView } from './queue-view.svelte';
import { TransferActions } from './transfer-actions.svelte';

function world() {
  const platform = new FakePlatform();
  const told = new TransferBoard();
  const named = (id: number) => transfer({ id, repo: { kind: 'model', name: `m/${id}` } });
  told.take(board([named(1), named(2), named(3), { ...named(4), state: 'done' }]));
  const actions = new TransferActions(platform, new Toasts(), told);
  const view = new QueueView(told, actions, () => ({ row: 70, open: 300, error: 100 }));
  return { platform, told, view };
}

describe('the list of transfers', () => {
  it('moves the keys over all rows and not beyond', () => {
    const { view } = world();
    expect(view.activePlace).toBe(0);
    view.key('ArrowUp', 5);
    expect(view.activePlace).toBe(0);
    view.key('ArrowDown', 5);
    view.key('PageDown', 5);
    expect(view.activePlace).toBe(3);
    view.key('Home', 5);
    expect(view.activePlace).toBe(0);
    expect(view.key('x', 5)).toBe(false);
  });

  it('keeps the keys with the transfer that moves, and says where it is', async () => {
    const { platform, told, view } = world();
    view.activate(2);
    expect(view.stepKey('ArrowUp', 2)).toBe(true);
    expect(told.order).toEqual([2, 1, 3, 4]);
    expect(view.activePlace).toBe(0);
    await platform.isAsked();
    await platform.question().answer(null);
    await vi.waitUntil(() => view.said !== '');
    expect(view.said).toBe('m/2 is now number 1 of 3');
  });

  it('says that a transfer cannot go further', async () => {
    const { platform, view } = world();
    await view.step(3, 'down');
    expect(platform.asked).toHaveLength(0);
    expect(view.said).toBe('m/3 cannot be moved further');
  });

  it('opens and closes with Enter, pauses and resumes with Space', () => {
    const { platform, told, view } = world();
    const now = (id: number) => told.row(id)?.now ?? transfer();
    view.rowKey('Enter', now(3));
    expect(view.taller).toEqual(new Map([[2, 300]]));
    view.rowKey('Enter', now(3));
    expect(view.taller.size).toBe(0);
    view.rowKey(' ', now(3));
    expect(platform.question().command).toBe('pause_transfer');
    view.rowKey(' ', { ...now(2), state: 'paused' });
    expect(platform.question().command).toBe('resume_transfer');
    view.rowKey(' ', now(4));
    expect(platform.asked).toHaveLength(2);
  });

  it('drags within the queue, and drops where nothing changes without asking', async () => {
    const { platform, told, view } = world();
    view.dragOver(1, 99);
    expect(view.drag).toEqual({ id: 1, place: 3 });
    const dropped = view.drop();
    expect(told.order).toEqual([2, 3, 1, 4]);
    expect(view.drag).toBeUndefined();
    await platform.isAsked();
    expect(platform.question().request).toEqual({ id: 1, before: null });
    await platform.question().answer(null);
    await dropped;
    view.dragOver(1, 2);
    await view.drop();
    expect(platform.asked).toHaveLength(1);
  });
});
