import { expect, it } from 'vitest';
import { VirtualWindow } from './virtual-window.svelte';

function view(count: number, scrollTop: number, height = 100) {
  const window = new VirtualWindow(10, () => count);
  window.scrollTop = scrollTop;
  window.height = height;
  return window;
}

it('draws what is in sight and a little more, however long the list', () => {
  const window = view(100_000, 5000);
  expect([window.first, window.end]).toEqual([492, 518]);
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
