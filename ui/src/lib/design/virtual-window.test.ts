import { expect, it } from 'vitest';
import { VirtualWindow } from './virtual-window.svelte';

function view(count: number, scrollTop: number, height = 100, taller: [number, number][] = []) {
  const rows = new Map(taller);
  const window = new VirtualWindow(
    () => 10,
    () => count,
    () => rows,
  );
  window.scrollTop = scrollTop;
  window.height = height;
  return window;
}

it('draws what is in sight and a little more, however long the list', () => {
  const window = view(100_000, 5000);
  expect([window.first, window.end]).toEqual([476, 534]);
  expect(window.totalHeight).toBe(1_000_000);
});

it('draws nothing beyond either end', () => {
  expect(view(3, 0).end).toBe(3);
  expect(view(3, 0).first).toBe(0);
  expect(view(0, 0).end).toBe(0);
});

it('stays inside a list that became shorter', () => {
  expect(view(5, 9000).first).toBe(4);
});

it('scrolls only as far as a row needs', () => {
  const window = view(1000, 500);
  expect(window.scrollTopToShow(55)).toBe(500);
  expect(window.scrollTopToShow(10)).toBe(100);
  expect(window.scrollTopToShow(70)).toBe(610);
});

it('knows which row is where when some are taller', () => {
  const window = view(1000, 0, 100, [
    [5, 200],
    [2, 30],
  ]);
  const seen = Array.from({ length: 1000 }, (_, row) => row);
  for (const row of seen) expect(window.rowAt(window.topOf(row))).toBe(row);
  for (const row of seen) expect(window.rowAt(window.topOf(row + 1) - 1)).toBe(row);
  expect(window.totalHeight).toBe(10_230);
  expect(window.topOf(6)).toBe(290);
});

it('shows the beginning of a row that is taller than the window', () => {
  const window = view(1000, 0, 100, [[50, 400]]);
  expect(window.scrollTopToShow(50)).toBe(500);
});

it('takes no notice of a taller row that is gone', () => {
  expect(view(3, 0, 100, [[7, 400]]).totalHeight).toBe(30);
});
