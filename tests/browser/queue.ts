import type {
  Board,
  Status,
  Transfer,
  TransferFile,
  TransferState,
  UiEvent,
} from "../../ui/src/lib/api/bindings";
import type { App, Page } from "./fixtures";
import { answer, NOTHING, sessionOf } from "./rpc";

const ENDED: TransferState[] = ["done", "failed", "cancelled"];
const hasEnded = ({ state }: Transfer) => ENDED.includes(state);

/** A transfer as the program tells it: a download half way. */
export function transfer(also: Partial<Transfer> = {}): Transfer {
  const name = also.repo?.name ?? "aurora-lab/polaris-mini-chat";
  return {
    id: 1,
    kind: "download",
    title: name,
    repo: { kind: "model", name },
    endpoint: "https://hub.example",
    account: "mira",
    revision: "main",
    chosen: { type: "everything" },
    into: { type: "cache" },
    class: "normal",
    state: "running",
    stage: "downloading",
    waitingFor: null,
    waitsUntil: null,
    blocked: null,
    signInAt: null,
    filesTotal: 12,
    filesDone: 3,
    bytesTotal: 4_900_000_000,
    bytesDone: 1_200_000_000,
    bytesPerSecond: 42_000_000,
    secondsLeft: 88,
    folder: "/home/somebody/.cache/huggingface/hub/models--aurora-lab--polaris-mini-chat/snapshots/0123456",
    error: null,
    createdAt: "2026-01-02T03:04:05Z",
    endedAt: null,
    ...also,
  };
}

/** The folder a person chooses. */
export const ELSEWHERE = { id: "f0", path: "/media/other" };

/** A queue in the program's place, for what would take any Hub of ours too long, or too much of it. */
export class Queue {
  transfers: Transfer[] = [];
  /** Parts of the status bar that are not about the transfers. */
  status: Partial<Status> = {};
  isAllPaused = false;
  /** Commands that came, with what they were about. */
  readonly asked: [string, unknown][] = [];
  files: (after: number, limit: number) => { files: TransferFile[]; total: number } = () => ({ files: [], total: 0 });

  private constructor(
    private readonly page: Page,
    /** Base address of the Hub that is open, at home at which they are. */
    private readonly endpoint: string,
  ) {}

  /** Takes the program's place in what it tells, from the next time the page is opened. */
  static async of(page: Page, app: App): Promise<Queue> {
    const session = await sessionOf(app);
    const queue = new Queue(page, session.endpoint);
    await page.exposeFunction("toldAtFirst", () => {
      const event: UiEvent = { type: "snapshot", session, board: queue.#board() };
      return JSON.stringify(event);
    });
    await page.addInitScript(tellInPlaceOfTheProgram);
    return queue;
  }

  /** Shows these from now on, and does with them what the program would. */
  async show(transfers: Transfer[], also: { status?: Partial<Status>; isAllPaused?: boolean } = {}): Promise<void> {
    this.transfers = transfers.map((one) => ({ ...one, endpoint: this.endpoint }));
    this.status = also.status ?? {};
    this.isAllPaused = also.isAllPaused ?? false;
    await this.#listen();
  }

  /** Changes some and tells what changed. */
  async change(...changes: (Partial<Transfer> & { id: number })[]): Promise<void> {
    const order = this.#order();
    const changed: Transfer[] = [];
    for (const change of changes) {
      const known = this.transfers.find(({ id }) => id === change.id);
      const next = { ...(known ?? transfer()), ...change };
      changed.push(next);
      this.transfers = known ? this.transfers.map((one) => (one === known ? next : one)) : [...this.transfers, next];
    }
    await this.#tell(changed, [], order);
  }

  async #remove(...ids: number[]): Promise<void> {
    const order = this.#order();
    this.transfers = this.transfers.filter(({ id }) => !ids.includes(id));
    await this.#tell([], ids, order);
  }

  async tell(...events: UiEvent[]): Promise<void> {
    await this.page.evaluate(
      (told) => {
        const { tellPage } = window as unknown as { tellPage: (event: string) => void };
        for (const event of told) tellPage(event);
      },
      events.map((event) => JSON.stringify(event)),
    );
  }

  #tell(changed: Transfer[], removed: number[], before: number[]): Promise<void> {
    const order = this.#order();
    const { status, isAllPaused } = this.#board();
    const isMoved = order.join() !== before.join();
    return this.tell({ type: "transfers", changed, removed, order: isMoved ? order : null, isAllPaused, status });
  }

  #order(): number[] {
    return this.#board().transfers.map(({ id }) => id);
  }

  #board(): Board {
    const rank = { interactive: 0, normal: 1, background: 2 };
    const unfinished = this.transfers.filter((one) => !hasEnded(one));
    const running = unfinished.filter(({ state }) => state === "running");
    const sum = (pick: (one: Transfer) => number) => running.reduce((total, one) => total + pick(one), 0);
    const count = (state: TransferState) => unfinished.filter((one) => one.state === state).length;
    return {
      transfers: [
        ...unfinished.toSorted((a, b) => rank[a.class] - rank[b.class]),
        ...this.transfers.filter(hasEnded).toSorted((a, b) => (b.endedAt ?? "").localeCompare(a.endedAt ?? "")),
      ],
      isAllPaused: this.isAllPaused,
      status: {
        ...NOTHING.status,
        running: running.length,
        queued: count("queued"),
        waiting: count("waiting"),
        paused: count("paused"),
        needsYou: count("blocked"),
        bytesPerSecond: sum(({ bytesPerSecond }) => bytesPerSecond),
        secondsLeft: running.length > 0 ? Math.max(...running.map(({ secondsLeft }) => secondsLeft ?? 0)) : null,
        ...this.status,
      },
    };
  }

  async #listen(): Promise<void> {
    const { page } = this;
    const becomes = (command: Parameters<typeof answer>[1], also: Partial<Transfer>) =>
      answer(page, command, (request) => {
        const { id } = request as { id: number };
        this.asked.push([command, request]);
        void this.change({ id, bytesPerSecond: 0, secondsLeft: null, ...also });
        return null;
      });
    await becomes("pause_transfer", { state: "paused" });
    await becomes("resume_transfer", { state: "queued" });
    await becomes("cancel_transfer", { state: "cancelled", endedAt: "2026-02-02T03:04:05Z" });
    await becomes("retry_transfer", { state: "queued", blocked: null, error: null, endedAt: null });
    await answer(page, "overwrite_transfer", ({ id }) => {
      this.asked.push(["overwrite_transfer", { id }]);
      void this.change({ id, state: "queued", blocked: null, error: null });
      return null;
    });
    await answer(page, "pick_folder", () => ELSEWHERE);
    await answer(page, "redirect_transfer", (request) => {
      this.asked.push(["redirect_transfer", request]);
      const into = { type: "folder", path: ELSEWHERE.path } as const;
      void this.change({ id: request.id, state: "queued", blocked: null, error: null, into, bytesDone: 0 });
      return null;
    });
    await answer(page, "remove_transfer", ({ id }) => (void this.#remove(id), null));
    await answer(page, "clear_transfers", () => (void this.#remove(...this.transfers.filter(hasEnded).map(({ id }) => id)), null));
    await answer(page, "set_transfer_class", ({ id, class: urgency }) => (void this.change({ id, class: urgency }), null));
    await answer(page, "move_transfer", (move) => (void this.#move(move), null));
    await answer(page, "pause_all", () => (void this.#all(true), null));
    await answer(page, "resume_all", () => (void this.#all(false), null));
    await answer(page, "show_folder", (request) => (this.asked.push(["show_folder", request]), null));
    await answer(page, "transfer_files", ({ after, limit }) => this.files(after, limit));
  }

  async #all(isPaused: boolean): Promise<void> {
    this.isAllPaused = isPaused;
    const those = this.transfers.filter((one) => !hasEnded(one));
    await this.change(...those.map(({ id }) => ({ id, state: isPaused ? "paused" : "queued" }) as const));
  }

  async #move({ id, before }: { id: number; before: number | null }): Promise<void> {
    this.asked.push(["move_transfer", { id, before }]);
    const order = this.#order();
    const moved = this.transfers.find((one) => one.id === id);
    if (!moved) return;
    const rest = this.transfers.filter((one) => one !== moved);
    const at = before === null ? rest.length : rest.findIndex((one) => one.id === before);
    this.transfers = rest.toSpliced(at, 0, moved);
    await this.#tell([], [], order);
  }
}

/** Runs in the page: events come from the test, and the first one when somebody begins to listen. */
function tellInPlaceOfTheProgram(): void {
  const told = window as unknown as {
    toldAtFirst: () => Promise<string>;
    tellPage: (event: string) => void;
    EventSource: unknown;
  };
  told.EventSource = class {
    onmessage: ((message: { data: string }) => void) | null = null;
    constructor() {
      told.tellPage = (event) => this.onmessage?.({ data: event });
      void told.toldAtFirst().then((event) => told.tellPage(event));
    }
    close(): void {
      told.tellPage = () => undefined;
    }
  };
}
