import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SearchWords } from './search-words.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function world() {
  const look = vi.fn<(words: string) => void>();
  const words = new SearchWords(look);
  words.follow('');
  const type = (text: string) => {
    words.text = text;
    words.typed();
  };
  return { look, words, type };
}

it('looks once, when the typing pauses', () => {
  const { look, type } = world();
  type('t');
  vi.advanceTimersByTime(299);
  type('ti');
  vi.advanceTimersByTime(299);
  expect(look).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(look.mock.calls).toEqual([['ti']]);
});

it('keeps what is being typed when the address catches up late', () => {
  const { words, type } = world();
  type('ti');
  vi.advanceTimersByTime(300);
  type('tin');
  words.follow('ti');
  expect(words.text).toBe('tin');
});

it('looks for nothing once it was left', () => {
  const { words, look, type } = world();
  type('ti');
  words.drop();
  vi.advanceTimersByTime(300);
  expect(look).not.toHaveBeenCalled();
});

it('follows an address that somebody else changed', () => {
  const { words, look, type } = world();
  type('tiny');
  words.follow('llama');
  vi.advanceTimersByTime(1000);
  expect(words.text).toBe('llama');
  expect(look).not.toHaveBeenCalled();
});

it('does not look for the same words twice', () => {
  const { words, look, type } = world();
  type('tiny');
  words.submit();
  words.submit();
  expect(look).toHaveBeenCalledOnce();
});
