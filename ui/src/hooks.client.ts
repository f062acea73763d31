import { keepKey } from '$lib/api/browser';
import type { ClientInit } from '@sveltejs/kit';

/** Runs before the router, whose first redirect would lose what the address holds. */
export const init: ClientInit = () => {
  keepKey();
};
