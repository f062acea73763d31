import type { LimitWindow, TransferSettings } from '$lib/api/bindings';
import { shownRate, type TypedRate, typedRate } from './rate';

/** Windows of the schedule there can be at most. */
export const MOST_WINDOWS = 14;

/** A window as it is being set; its id tells it from the others while it is. */
export class WindowDraft {
  days = $state.raw<readonly number[]>([]);
  from = $state('');
  to = $state('');
  down = $state.raw<TypedRate>(shownRate(null));
  up = $state.raw<TypedRate>(shownRate(null));

  constructor(
    readonly id: number,
    { days, from, to, downloadLimit, uploadLimit }: LimitWindow,
  ) {
    this.days = days;
    this.from = from;
    this.to = to;
    this.down = shownRate(downloadLimit);
    this.up = shownRate(uploadLimit);
  }

  toggleDay(day: number): void {
    const others = this.days.filter((other) => other !== day);
    this.days = others.length < this.days.length ? others : [...others, day].toSorted();
  }

  /** The window; nothing while something of it is missing or wrong. */
  readonly value: LimitWindow | undefined = $derived.by(() => {
    const [downloadLimit, uploadLimit] = [typedRate(this.down), typedRate(this.up)];
    if (downloadLimit === undefined || uploadLimit === undefined) return undefined;
    if (this.days.length === 0 || this.from === '' || this.to === '') return undefined;
    return { days: [...this.days], from: this.from, to: this.to, downloadLimit, uploadLimit };
  });

  /** What is missing or wrong, in words. */
  get problem(): string | undefined {
    if (this.days.length === 0) return 'Choose at least one day.';
    if (this.from === '' || this.to === '') return 'Say from when and until when.';
    return undefined;
  }
}

const NEW_WINDOW: LimitWindow = {
  days: [1, 2, 3, 4, 5],
  from: '09:00',
  to: '17:00',
  downloadLimit: 2e6,
  uploadLimit: 1e6,
};

/** Limits and their schedule, as they are being set; they are kept all at once. */
export class LimitsForm {
  #down = $state.raw<TypedRate>();
  #up = $state.raw<TypedRate>();
  #windows = $state.raw<readonly WindowDraft[]>();
  #next = 1;

  constructor(private readonly kept: () => TransferSettings) {}

  get down(): TypedRate {
    return this.#down ?? shownRate(this.kept().downloadLimit);
  }

  set down(down: TypedRate) {
    this.#down = down;
  }

  get up(): TypedRate {
    return this.#up ?? shownRate(this.kept().uploadLimit);
  }

  set up(up: TypedRate) {
    this.#up = up;
  }

  readonly #keptWindows: readonly WindowDraft[] = $derived.by(() =>
    this.kept().schedule.map((window, index) => new WindowDraft(-1 - index, window)),
  );

  get windows(): readonly WindowDraft[] {
    return this.#windows ?? this.#keptWindows;
  }

  get canAdd(): boolean {
    return this.windows.length < MOST_WINDOWS;
  }

  add(): WindowDraft {
    const window = new WindowDraft(this.#next++, NEW_WINDOW);
    this.#windows = [...this.windows, window];
    return window;
  }

  remove(id: number): void {
    this.#windows = this.windows.filter((window) => window.id !== id);
  }

  /** What to keep; nothing while something is missing or wrong. */
  readonly value: Limits | undefined = $derived.by(() => {
    const [downloadLimit, uploadLimit] = [typedRate(this.down), typedRate(this.up)];
    const schedule = this.windows.map(({ value }) => value);
    if (downloadLimit === undefined || uploadLimit === undefined) return undefined;
    if (schedule.some((window) => window === undefined)) return undefined;
    return {
      downloadLimit,
      uploadLimit,
      schedule: schedule.filter((window) => window !== undefined),
    };
  });

  get isChanged(): boolean {
    const { downloadLimit, uploadLimit, schedule } = this.kept();
    return JSON.stringify(this.value) !== JSON.stringify({ downloadLimit, uploadLimit, schedule });
  }

  /** Shows what is kept. */
  reset(): void {
    this.#down = this.#up = this.#windows = undefined;
  }
}

type Limits = Pick<TransferSettings, 'downloadLimit' | 'uploadLimit' | 'schedule'>;
