import type { KnownSource, Session, Tag, UiEvent } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import { createContext } from 'svelte';
import type { Resources } from './resource.svelte';
import type { Told } from './told';
import { TransferBoard } from './transfer-board.svelte';

/** Waits between attempts to listen again; the last one repeats. */
const RETRY_AFTER_MS = [250, 500, 1000, 2000, 5000];

type QuitAsked = Extract<UiEvent, { type: 'quitAsked' }>;

/** What Rust tells by itself: the session, the board of transfers, and what became old. */
export class Live {
  readonly board = new TransferBoard();
  /** Whether events arrive. Before the first snapshot nothing can be shown. */
  isConnected = $state(false);
  /** The window was closed while transfers run: what is to become of them? */
  quitAsked = $state.raw<QuitAsked>();
  /** How many files and folders are held over the window. */
  heldOver = $state(0);
  /** What was dropped on the window, until somebody takes it. */
  dropped = $state.raw<readonly KnownSource[]>();
  readonly #session;
  #stop: () => void = () => undefined;
  /** Questions for the session, and the newest of which the answer, or a newer session, is known. */
  #asked = 0;
  #known = 0;

  constructor(
    private readonly platform: Platform,
    private readonly resources: Resources,
    /** Shows what has to be told once. */
    private readonly tell: (told: Told) => void,
  ) {
    this.#session = resources.entry('session', null);
    // Shown for as long as the window is; the first snapshot brings it, so nothing is asked.
    this.#session.holders += 1;
  }

  /** Which Hub is open, and as whom; `undefined` before the first snapshot. */
  get session(): Session | undefined {
    return this.#session.data;
  }

  /** Listens until the function returned is called, and again whenever the connection is lost. */
  connect(): () => void {
    let attempt = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      this.#stop = this.platform.subscribe(
        (event) => {
          attempt = 0;
          this.receive(event);
        },
        () => {
          this.isConnected = false;
          const wait = RETRY_AFTER_MS[Math.min(attempt, RETRY_AFTER_MS.length - 1)];
          attempt += 1;
          timer = setTimeout(listen, wait);
        },
      );
    };
    listen();
    return () => {
      clearTimeout(timer);
      this.#stop();
    };
  }

  /** Takes one event. */
  receive(event: UiEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.isConnected = true;
        // Whether it is still held there nobody says again.
        this.heldOver = 0;
        this.#takeSnapshot(event.session);
        this.#look(() => this.board.take(event.board));
        break;
      case 'stale':
        void this.#becomeOld(event.tags);
        break;
      case 'transfers':
        this.#look(() => this.board.apply(event));
        break;
      case 'quitAsked':
        this.quitAsked = event;
        break;
      case 'dragOver':
        this.heldOver = event.count;
        break;
      case 'dropped':
        this.heldOver = 0;
        this.dropped = [...(this.dropped ?? []), ...event.sources];
        break;
      case 'toast':
        this.tell(event.toast);
        break;
      case 'hubWarning':
        this.tell({ ...event, kind: 'hubWarning' });
        break;
    }
  }

  /** Takes the session that a command has just answered with, before its event arrives. */
  enter(session: Session): void {
    const isAsking = this.#asked > this.#known;
    this.#take(session, ++this.#asked);
    // Which of the two is newer nobody knows.
    if (isAsking) void this.#becomeOld(['session']);
  }

  #take(session: Session, question: number): void {
    // Two questions may be answered in the other order.
    if (question < this.#known) return;
    this.#known = question;
    const before = this.session;
    this.#session.put(session);
    if (before && !isSameVisit(before, session)) this.resources.forgetHub();
  }

  /** Back to the welcome page; what runs goes on. */
  async closeHub(): Promise<void> {
    this.enter(await this.platform.call('close_hub', null));
  }

  #takeSnapshot(session: Session): void {
    this.#take(session, ++this.#asked);
    this.resources.stale(['settings', 'repoList', 'repo', 'cache', 'accounts', 'folders']);
  }

  /** The session first: nothing of one account may be on screen while another one's is asked for. */
  async #becomeOld(tags: readonly Tag[]): Promise<void> {
    if (tags.includes('session')) {
      const question = ++this.#asked;
      try {
        this.#take(await this.platform.call('session', null), question);
      } catch {
        // Its entry asks once more below, and holds the error.
        this.resources.stale(['session']);
      }
    }
    this.resources.stale(tags.filter((tag) => tag !== 'session'));
  }

  /** Takes news of the board, and asks again for what could not be asked for, once the Hub is back. */
  #look(take: () => void): void {
    const wasOnline = this.board.status.isOnline;
    take();
    if (!wasOnline && this.board.status.isOnline) this.resources.retryFailed();
  }
}

function isSameVisit(a: Session, b: Session): boolean {
  return a.stage === b.stage && a.endpoint === b.endpoint && a.account === b.account;
}

export const [getLive, setLive] = createContext<Live>();
