import type { ApiError, Tag } from '$lib/api/bindings';
import { reads } from '$lib/api/bindings';
import { toApiError } from '$lib/api/errors';
import type { AnswerOf, Command, Platform, RequestOf } from '$lib/api/platform';
import { createContext, untrack } from 'svelte';

/** Answers nobody looks at that are kept for the way back; the oldest go first. */
const KEPT_UNUSED = 60;

/** Answers that hold only while they are shown: free space and transfers change without an event. */
const VOLATILE: ReadonlySet<Command> = new Set<Command>([
  'download_choices',
  'plan_download',
  'sign_out_plan',
]);

/** One answer of Rust's, with what is known about it. Shared by everything that shows it. */
export class Resource<C extends Command> {
  /** The last good answer. It stays while a newer one is on its way, and after a failure. */
  data = $state.raw<AnswerOf<C>>();
  /** When the Hub gave it, in milliseconds since 1970, if it could not be asked now. */
  asOf = $state<number | null>(null);
  /** Why the last request failed; gone with the next good answer. */
  error = $state.raw<ApiError>();
  isLoading = $state(false);

  /** How many parts of the screen show it. */
  holders = 0;
  #turn = 0;
  #agreesWith = -1;

  constructor(
    readonly command: C,
    readonly request: RequestOf<C>,
    private readonly platform: Platform,
    private readonly clock: { now: number },
  ) {}

  /** Whether the answer was asked for before the last event that made it old. */
  isOlderThan(event: number): boolean {
    return this.#agreesWith < event;
  }

  /** Asks Rust. An answer to an older question never replaces the answer to a newer one. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    const asked = this.clock.now;
    this.#agreesWith = asked;
    this.isLoading = true;
    try {
      const reply = await this.platform.ask(this.command, this.request);
      if (turn !== this.#turn) return;
      this.data = reply.answer;
      this.asOf = reply.asOf;
      this.error = undefined;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = toApiError(thrown);
    }
    this.isLoading = false;
  }

  /** Takes an answer that came by another way, such as an event or a mutation. */
  put(data: AnswerOf<C>): void {
    this.#turn += 1;
    this.#agreesWith = this.clock.now;
    this.data = data;
    this.asOf = null;
    this.error = undefined;
    this.isLoading = false;
  }

  /**
   * Takes the answer of a command that changes what this is about. If somebody has asked meanwhile,
   * nobody knows which of the two answers is newer, so that it is asked for once more.
   */
  async change(ask: () => Promise<AnswerOf<C>>): Promise<AnswerOf<C>> {
    const turn = this.#turn;
    const answer = await ask();
    if (turn === this.#turn && !this.isLoading) this.put(answer);
    else if (this.holders > 0) await this.load();
    else this.#agreesWith = -1;
    return answer;
  }

  /** Drops everything: the next holder starts from nothing. */
  forget(): void {
    this.#turn += 1;
    this.#agreesWith = -1;
    this.data = undefined;
    this.asOf = null;
    this.error = undefined;
    this.isLoading = false;
  }
}

/**
 * Everything Rust was asked, by command and request. Rust says what became old by tag; what is on
 * screen is asked for again at once, the rest when it is next shown.
 */
export class Resources {
  /** Counts the Hubs and accounts there were: what was made for one of them is of no use to the next. */
  visit = $state(0);
  #entries = new Map<string, Resource<Command>>();
  #madeOld = new Map<Tag, number>();
  #clock = { now: 0 };

  constructor(private readonly platform: Platform) {}

  /** The resource for a question. Loads nothing yet: `hold` does. */
  entry<C extends Command>(command: C, request: RequestOf<C>): Resource<C> {
    const key = keyOf(command, request);
    const known = this.#entries.get(key);
    if (known) return known as unknown as Resource<C>;
    const entry = new Resource(command, request, this.platform, this.#clock);
    this.#entries.set(key, entry as unknown as Resource<Command>);
    this.#evict();
    return entry;
  }

  /** Says that a resource is on screen, and loads it when it is missing or old. */
  hold<C extends Command>(entry: Resource<C>): () => void {
    return untrack(() => {
      const key = keyOf(entry.command, entry.request);
      const held = entry as unknown as Resource<Command>;
      // Put last, so that eviction takes what was looked at longest ago.
      this.#entries.delete(key);
      this.#entries.set(key, held);
      entry.holders += 1;
      if (this.#isOld(held) || isWorthAnotherTry(held)) void entry.load();
      return () => {
        entry.holders -= 1;
        if (entry.holders === 0 && VOLATILE.has(entry.command)) this.#entries.delete(key);
        this.#evict();
      };
    });
  }

  /** Rust says that answers made of these tags are old. */
  stale(tags: readonly Tag[]): void {
    this.#clock.now += 1;
    for (const tag of tags) this.#madeOld.set(tag, this.#clock.now);
    this.#reload((entry) => this.#isOld(entry));
  }

  /** Asks again for what is on screen and could not be asked for: the Hub can be reached again. */
  retryFailed(): void {
    this.#reload(isWorthAnotherTry);
  }

  /** Another Hub or another account: what was answered about repositories holds no more. */
  forgetHub(): void {
    const ofHub = (entry: Resource<Command>) =>
      reads[entry.command].some((tag) => tag === 'repo' || tag === 'repoList');
    for (const entry of this.#entries.values()) if (ofHub(entry)) entry.forget();
    this.visit += 1;
    this.#reload((entry) => ofHub(entry) && !isLaterPage(entry));
  }

  #reload(wanted: (entry: Resource<Command>) => boolean): void {
    for (const entry of this.#entries.values()) {
      if (entry.holders > 0 && wanted(entry)) void entry.load();
    }
  }

  #isOld(entry: Resource<Command>): boolean {
    const events = reads[entry.command].map((tag) => this.#madeOld.get(tag) ?? 0);
    return entry.isOlderThan(Math.max(0, ...events));
  }

  #evict(): void {
    const unused = [...this.#entries].filter(([, entry]) => entry.holders === 0);
    for (const [key] of unused.slice(0, Math.max(0, unused.length - KEPT_UNUSED))) {
      this.#entries.delete(key);
    }
  }
}

/** It failed, or was answered from memory. */
function isWorthAnotherTry(entry: Resource<Command>): boolean {
  return entry.error !== undefined || entry.asOf !== null;
}

/** It is named by where the page before it ended, which says nothing at another Hub. */
function isLaterPage({ request }: Resource<Command>): boolean {
  return request !== null && 'cursor' in request && request.cursor !== null;
}

function keyOf(command: Command, request: unknown): string {
  return `${command} ${JSON.stringify(request)}`;
}

export const [getResources, setResources] = createContext<Resources>();

/**
 * For a component: the answer to a question that may change, held while the component lives.
 * A `null` question asks nothing.
 */
export function resource<C extends Command>(command: C, request: () => RequestOf<C> | undefined) {
  const resources = getResources();
  const entry = $derived.by(() => {
    const question = request();
    return question === undefined ? undefined : resources.entry(command, question);
  });
  $effect(() => (entry ? resources.hold(entry) : undefined));
  return {
    get data() {
      return entry?.data;
    },
    get asOf() {
      return entry?.asOf ?? null;
    },
    get error() {
      return entry?.error;
    },
    get isLoading() {
      return entry?.isLoading ?? false;
    },
    reload: () => void entry?.load(),
  };
}
