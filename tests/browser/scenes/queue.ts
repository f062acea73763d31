import type { BlockReason, Transfer } from "../../../ui/src/lib/api/bindings";
import { expect, type App, type Page } from "../fixtures";
import { Queue, transfer } from "../queue";
import { error } from "../rpc";
import type { Act } from "./act";
import { inDemo } from "./discover";

let queue: Queue;

const named = (id: number, name: string, also: Partial<Transfer> = {}) =>
  transfer({ id, repo: { kind: "model", name }, ...also });

/** One of each kind. */
const MIXED: Transfer[] = [
  named(1, "aurora-lab/polaris-mini-chat-GGUF", { class: "interactive", chosen: { type: "variant", name: "Q4_K_M" } }),
  named(2, "north-sea-data/gull-embeddings", {
    waitingFor: "the storage host, which has sent nothing for 12 s",
    bytesPerSecond: 0,
    secondsLeft: null,
    into: { type: "folder", path: "/media/somebody/A rather long name of a disk/models/gull-embeddings" },
  }),
  named(3, "paperbird/sketch-diffusion-small", { state: "queued", bytesDone: 0, filesDone: 0, bytesPerSecond: 0 }),
  named(4, "willow-clinic/notes", { state: "paused", chosen: { type: "files", count: 3 } }),
  named(5, `somebody/${"a-very-long-name-".repeat(6)}`, {
    state: "waiting",
    waitingFor: "the network",
    waitsUntil: new Date(Date.now() + 300_000).toISOString(),
    class: "background",
    chosen: { type: "patterns", include: ["*.json", "*.safetensors"], exclude: ["onnx/*"] },
  }),
  named(6, "demo/done", { state: "done", bytesDone: 4_900_000_000, filesDone: 12, endedAt: "2026-01-03T03:04:05Z" }),
  named(7, "demo/failed", {
    state: "failed",
    endedAt: "2026-01-02T03:04:05Z",
    error: error("badAnswer", "model.safetensors arrived twice with the wrong digest.", "Ask the authors of the model."),
  }),
  named(8, "demo/cancelled", { state: "cancelled", endedAt: "2026-01-01T03:04:05Z" }),
];

/** What is otherwise of an upload. */
const UP: Partial<Transfer> = {
  kind: "upload",
  stage: "sending",
  chosen: { type: "sources", paths: ["/home/somebody/weights"], count: 1 },
  into: { type: "repo", isPullRequest: false },
  folder: null,
};

/** Uploads at every stage, and as they end. */
const UPLOADS: Transfer[] = [
  named(1, "demo/sent", UP),
  named(2, "demo/read", { ...UP, stage: "reading", bytesPerSecond: 0, secondsLeft: null }),
  named(3, "demo/committed", {
    ...UP,
    stage: "committing",
    chosen: { type: "sources", paths: ["/a", "/b"], count: 2 },
    into: { type: "repo", isPullRequest: true },
  }),
  named(4, "demo/conflict", {
    ...UP,
    state: "blocked",
    blocked: "conflict",
    error: error("conflict", "3 files of the model demo/conflict were changed by somebody else meanwhile."),
  }),
  named(5, "demo/done", {
    ...UP,
    state: "done",
    bytesDone: 4_900_000_000,
    filesDone: 12,
    endedAt: "2026-01-03T03:04:05Z",
  }),
];

const BLOCKED: Record<BlockReason, Transfer["error"]> = {
  signedOut: error("signedOut", "The token of mira was refused.", "Sign in again."),
  gated: error("gated", "Access to willow-clinic/triage-notes-classifier has to be asked for."),
  noSpace: error("noSpace", "3.1 GB more are needed on /home.", "Free some space; it goes on by itself then."),
  conflict: error("conflict", "12 files in the folder differ from those of the repository."),
  readOnly: error("notWritable", "/media/card is read-only."),
  volumeGone: error("notWritable", "/media/card is not there."),
  secret: error("badInput", "tokens.env looks like a file of secrets.", "Look at it before it goes."),
  newerRequest: error("internal", "A newer Hubdesk has asked for this."),
};

const blocked = () =>
  Object.entries(BLOCKED).map(([reason, why], index) =>
    named(index + 1, `somebody/${reason}`, {
      ...(reason === "secret" ? UP : {}),
      state: "blocked",
      blocked: reason as BlockReason,
      error: why,
      signInAt: reason === "signedOut" ? "https://hub.example" : null,
      bytesPerSecond: 0,
      secondsLeft: null,
    }),
  );

const open = async (page: Page, app: App) => {
  await page.goto(app.at("/transfers"));
  await expect(page.getByRole("list", { name: "Transfers" })).toBeVisible();
};

/** The queue with everything in it that can be. */
export const queues: Act = {
  open: async (stage) => {
    const app = await inDemo(stage);
    queue = await Queue.of(stage.page, app);
    return app;
  },
  scenes: {
    "queue-mixed": async (page, app) => {
      await queue.show(MIXED);
      await open(page, app);
    },
    "queue-menu": async (page) => {
      await page.getByRole("button", { name: "More for north-sea-data/gull-embeddings" }).click();
      await expect(page.getByRole("menuitem", { name: "Move up" })).toBeVisible();
    },
    "queue-files": async (page, app) => {
      const states = ["done", "running", "waiting", "failed"] as const;
      await queue.show(MIXED);
      queue.files = (after, limit) => ({
        total: 300,
        files: Array.from({ length: Math.min(limit, 300 - after) }, (_, index) => ({
          path: `shards/model-${String(after + index).padStart(5, "0")}-of-00300.safetensors`,
          state: states[index % states.length] ?? "done",
          bytesTotal: 4_000_000_000,
          bytesDone: 1_000_000_000,
        })),
      });
      await open(page, app);
      await page.getByRole("article").first().getByRole("button", { name: "Show details" }).click();
      await expect(page.getByText("shards/model-00000-of-00300.safetensors")).toBeVisible();
    },
    "queue-uploads": async (page, app) => {
      await queue.show(UPLOADS);
      await open(page, app);
      await expect(page.getByText("Others have changed the same files")).toBeVisible();
    },
    "queue-uploads-replace": async (page) => {
      await page.getByRole("button", { name: "Replace files…" }).click();
      await expect(page.getByRole("dialog").getByText("Theirs are replaced by yours")).toBeVisible();
    },
    "queue-blocked": async (page, app) => {
      await queue.show(blocked());
      await open(page, app);
      await expect(page.getByText("There is not enough room on the disk")).toBeVisible();
    },
    "queue-blocked-why": async (page) => {
      await page.getByRole("article", { name: "somebody/conflict" }).getByRole("button", { name: "Show details" }).click();
      await expect(page.getByRole("alert").filter({ hasText: "12 files in the folder differ" })).toBeVisible();
    },
    "queue-replace": async (page, app) => {
      await queue.show(blocked());
      await open(page, app);
      await page.getByRole("button", { name: "Replace files…" }).click();
      await expect(page.getByRole("dialog", { name: "Replace files" })).toBeVisible();
    },
    "queue-paused": async (page, app) => {
      const paused = MIXED.slice(2, 4).map((one) => ({ ...one, state: "paused" as const }));
      await queue.show(paused, { isAllPaused: true });
      await open(page, app);
      await expect(page.getByText("Everything is paused.")).toBeVisible();
    },
    "queue-trouble": async (page, app) => {
      const queueTrouble = "The list of transfers cannot be kept: the disk is full.";
      await queue.show(MIXED.slice(0, 3), { status: { queueTrouble } });
      await open(page, app);
      await expect(page.getByText("There is trouble with the queue")).toBeVisible();
    },
    "queue-quit": async (page, app) => {
      await queue.show(MIXED);
      await open(page, app);
      await queue.tell({ type: "quitAsked", canHide: true });
      await expect(page.getByRole("dialog", { name: "Quit Hubdesk?" })).toBeVisible();
    },
    "queue-damaged": async (page, app) => {
      await queue.show(MIXED);
      await open(page, app);
      const path = "/home/somebody/.local/share/hubdesk/transfers.db.damaged";
      await queue.tell({ type: "toast", toast: { kind: "queueSetAside", path } });
      await expect(page.getByText("was damaged and a new one was begun")).toBeVisible();
    },
  },
};
