import { toApiError } from '$lib/api/errors';
import type { Platform } from '$lib/api/platform';
import { createContext } from 'svelte';
import type { Toasts } from './toasts.svelte';

/** Opens an address outside the program; Rust decides whether it may. */
export type OpenOutside = (url: string) => void;

export function outsideOpener(platform: Platform, toasts: Toasts): OpenOutside {
  return (url) => {
    platform.call('open_link', { url }).catch((thrown: unknown) => {
      toasts.show({ tone: 'danger', text: toApiError(thrown).message });
    });
  };
}

export const [getOpenOutside, setOpenOutside] = createContext<OpenOutside>();
