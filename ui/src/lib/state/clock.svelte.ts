import { knownSince } from '$lib/format/dates';
import { createSubscriber } from 'svelte/reactivity';

const TICK_MS = 1000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => {
    clearInterval(timer);
  };
});

/** The time now, in milliseconds. What is made of it on screen is made again every second. */
export function now(): number {
  subscribe();
  return Date.now();
}

/** The mark of what is known since a moment, in words that follow the clock. */
export function since(moment: number | null) {
  return knownSince(moment, moment === null ? undefined : new Date(now()));
}
