import { repoAddress } from '$lib/address';
import type { Toast as Told } from '$lib/api/bindings';
import type { Toast } from './toasts.svelte';

/** The words for what Rust tells once. */
export function toastOf(told: Told): Omit<Toast, 'id'> {
  switch (told.kind) {
    case 'accessGranted':
      return {
        tone: 'info',
        text: `You have been given access to ${told.repo.name}.`,
        link: { label: 'Open it', href: repoAddress(told.repo, null) },
      };
  }
}
