import { onMount } from 'svelte';

const PATIENCE_MS = 1000;

/** Whether a part of the screen has been there for a second: from then on, waiting needs words. */
export function patience(): { readonly isOver: boolean } {
  let isOver = $state(false);
  onMount(() => {
    const timer = setTimeout(() => (isOver = true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  });
  return {
    get isOver() {
      return isOver;
    },
  };
}
