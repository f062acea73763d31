/** Long enough that a word is typed before it is looked for. */
const PAUSE_MS = 300;

/** The words in a search box, between the keyboard and the address. */
export class SearchWords {
  text = $state('');
  #sent: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly look: (words: string) => void) {}

  /** Something was typed: look for it when the typing pauses. */
  typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.submit();
    }, PAUSE_MS);
  }

  /** Look for it now. */
  submit(): void {
    clearTimeout(this.#timer);
    if (this.text === this.#sent) return;
    this.#sent = this.text;
    this.look(this.text);
  }

  /** Somebody went on before the typing paused: what was typed must not call them back. */
  drop(): void {
    clearTimeout(this.#timer);
  }

  /** The address says these words. If they are not our own echo, somebody else put them there. */
  follow(words: string): void {
    if (words === this.#sent?.trim()) return;
    clearTimeout(this.#timer);
    this.#sent = words;
    this.text = words;
  }
}
