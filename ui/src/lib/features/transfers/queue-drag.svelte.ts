import type { QueueView } from './queue-view.svelte';

/** What is dragged through: rows, some of them out of sight. */
interface Rows {
  rowAt(clientY: number): number;
  scrollNear(clientY: number, ms: number): void;
}

/** In milliseconds: a frame that took longer is no reason for a leap. */
const LONGEST_MS = 100;

/** Drags a transfer through the list with a pointer, and carries it on while it is held at an edge. */
export class QueueDrag {
  /** Where it is held, in pixels from the top of the window. */
  #heldAt = 0;
  readonly #id = $derived.by(() => this.view.drag?.id);

  /** To be made with the component whose list it is. */
  constructor(
    private readonly view: QueueView,
    private readonly rows: () => Rows | undefined,
    private readonly rowHeight: () => number,
  ) {
    $effect(() => {
      const id = this.#id;
      if (id === undefined) return;
      const stop = [this.#carryOn(id), this.#listen()];
      return () => stop.forEach((end) => end());
    });
  }

  /** Takes hold of a transfer; `holder` has the pointer then, as rows go while it scrolls. */
  grab(event: PointerEvent, id: number, holder: HTMLElement | undefined): void {
    event.preventDefault();
    holder?.setPointerCapture(event.pointerId);
    this.#heldAt = event.clientY;
    this.#over(id);
  }

  move({ clientY }: PointerEvent): void {
    if (this.#id === undefined) return;
    this.#heldAt = clientY;
    this.#over(this.#id);
  }

  /** Lets go of it where it was. */
  cancel(): void {
    this.view.drag = undefined;
  }

  #carryOn(id: number): () => void {
    let before = performance.now();
    let frame = 0;
    const carry = (now: number) => {
      this.rows()?.scrollNear(this.#heldAt, Math.max(0, Math.min(LONGEST_MS, now - before)));
      this.#over(id);
      before = now;
      frame = requestAnimationFrame(carry);
    };
    frame = requestAnimationFrame(carry);
    return () => cancelAnimationFrame(frame);
  }

  /** The keys may be anywhere while the pointer is busy. */
  #listen(): () => void {
    const press = ({ key }: KeyboardEvent) => key === 'Escape' && this.cancel();
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }

  #over(id: number): void {
    const row = this.rows()?.rowAt(this.#heldAt - this.rowHeight() / 2) ?? 0;
    this.view.dragOver(id, row + 1);
  }
}
