import { repoAddress } from '$lib/address';
import type { Session, Toast as Once, UiEvent } from '$lib/api/bindings';
import { hostOf } from '$lib/format/host';
import type { Toast } from './toasts.svelte';

type HubWarning = Extract<UiEvent, { type: 'hubWarning' }>;

/** What Rust tells once, be it its own news or a Hub's. */
export type Told = Once | ({ kind: 'hubWarning' } & Omit<HubWarning, 'type'>);

/** The words for what Rust tells once. A link leads to the Hub that is open, so it needs that `session`. */
export function toastOf(told: Told, session: Session | undefined): Omit<Toast, 'id'> {
  switch (told.kind) {
    case 'accessGranted': {
      const isOpen = session?.endpoint === told.endpoint && session.account === told.account;
      const link = { label: 'Open it', href: repoAddress(told.repo, null) };
      return {
        tone: 'info',
        text: `You have been given access to ${told.repo.name}.`,
        ...(isOpen ? { link } : {}),
      };
    }
    case 'queueSetAside':
      return {
        tone: 'warning',
        text: `The list of transfers was damaged and a new one was begun. The old one is kept as ${told.path}.`,
      };
    case 'queueInMemory':
      return {
        tone: 'warning',
        text: `The list of transfers is not kept beyond the end of Hubdesk: ${told.why}`,
      };
    case 'hubWarning':
      return { tone: 'warning', text: `${hostOf(told.endpoint)} says: ${told.message}` };
  }
}
