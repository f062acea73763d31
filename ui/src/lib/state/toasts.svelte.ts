import { createContext } from 'svelte';

/** Long enough to read a sentence and reach its link. */
const SHOWN_MS = 8000;

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'info' | 'warning' | 'danger';
  /** A place to go on from here. */
  readonly link?: { readonly label: string; readonly href: string };
}

/**
 * Short notices at the edge of the window. They are read out, and go by themselves; but a warning is
 * told once, and so stays until somebody has seen it.
 */
export class Toasts {
  items = $state.raw<readonly Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(toast: Omit<Toast, 'id'>): void {
    // What is there already is not said twice at a time.
    const same = this.items.find(({ text }) => text === toast.text);
    if (same) this.dismiss(same.id);
    const id = this.#next++;
    this.items = [...this.items, { ...toast, id }];
    this.#schedule(id);
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.items = this.items.filter((toast) => toast.id !== id);
  }

  /** Keeps everything while a person is reading or aiming. */
  hold(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  release(): void {
    for (const { id } of this.items) this.#schedule(id);
  }

  #schedule(id: number): void {
    clearTimeout(this.#timers.get(id));
    if (this.items.find((toast) => toast.id === id)?.tone === 'warning') return;
    this.#timers.set(
      id,
      setTimeout(() => {
        this.dismiss(id);
      }, SHOWN_MS),
    );
  }
}

export const [getToasts, setToasts] = createContext<Toasts>();
