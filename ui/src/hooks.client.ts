import { keepKey } from '$lib/api/browser';
import type { ClientInit, HandleClientError } from '@sveltejs/kit';

/** Runs before the router, whose first redirect would lose what the address holds. */
export const init: ClientInit = () => {
  keepKey();
};

/** An address that leads nowhere has a screen of its own; only faults belong in the console. */
export const handleError: HandleClientError = ({ error, status, message }) => {
  // eslint-disable-next-line no-console -- a fault of the program's own, and nobody else to tell
  if (status !== 404) console.error(error);
  return { message };
};
