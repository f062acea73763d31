import type { Locator } from "@playwright/test";
import type { Transfer } from "../../ui/src/lib/api/bindings";
import { expect, test, type App, type Page } from "./fixtures";
import { ELSEWHERE, Queue, transfer } from "./queue";
import { answer, error, refuse } from "./rpc";

/** No list draws more rows than this. */
const DRAWN = 60;
/** In milliseconds: redrawing every row takes no more of the page's own time, so that scrolling row by row is smooth. */
const SMOOTH_MS = 80;
const STEPS = 60;
/** In milliseconds: the program tells news of transfers no more often. */
const TICK_MS = 100;

const named = (id: number, also: Partial<Transfer> = {}) =>
  transfer({ id, repo: { kind: "model", name: `somebody/model-${String(id).padStart(4, "0")}` }, ...also });

const rows = (page: Page) => page.getByRole("list", { name: "Transfers" }).getByRole("article");
const row = (page: Page, id: number) => page.getByRole("article", { name: named(id).title });
const namesOf = async (page: Page) => (await rows(page).getByRole("heading").allInnerTexts()).map((name) => name.slice(-1));

async function open(page: Page, app: App, transfers: Transfer[], also: Parameters<Queue["show"]>[1] = {}): Promise<Queue> {
  const queue = await Queue.of(page, app);
  await queue.show(transfers, also);
  await page.goto(app.at("/transfers"));
  await expect(page.getByRole("heading", { name: "Transfers" })).toBeVisible();
  return queue;
}

test("5,000 transfers scroll smoothly while ten of them move ten times a second", async ({ page, demo }) => {
  const all = Array.from({ length: 5000 }, (_, index) => named(index + 1, { state: index < 10 ? "running" : "queued" }));
  const queue = await open(page, demo, all);
  await expect(rows(page).first()).toBeVisible();
  expect(await rows(page).count()).toBeLessThanOrEqual(DRAWN);

  let isWatched = true;
  const moving = (async () => {
    for (let tick = 1; isWatched; tick += 1) {
      await new Promise((next) => setTimeout(next, TICK_MS));
      await queue.change(...all.slice(0, 10).map(({ id, bytesDone }) => ({ id, bytesDone: bytesDone + tick * 1e7 })));
    }
  })();
  const busyMs = await workOf(page);
  const before = await busyMs();
  const most = await scrollThrough(page);
  const perStep = ((await busyMs()) - before) / STEPS;
  isWatched = false;
  await moving;
  expect(most).toBeLessThanOrEqual(DRAWN);
  expect(perStep, "work of the page for each step, in milliseconds").toBeLessThan(SMOOTH_MS);
  await expect(row(page, 5000)).toBeInViewport();
  await rows(page).last().focus();
  await page.keyboard.press("Home");
  await expect(row(page, 1)).toBeFocused();
});

/** Tells what the page's own thread has worked so far: processor time, whatever else the machine does. */
async function workOf(page: Page): Promise<() => Promise<number>> {
  const inside = await page.context().newCDPSession(page);
  await inside.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await inside.send("Performance.getMetrics");
    const seconds = metrics.find(({ name }) => name === "TaskDuration")?.value;
    if (seconds === undefined) throw new Error("the browser does not say how long it worked");
    return 1000 * seconds;
  };
}

/** Scrolls from the first row to the last, each step drawn; gives the most rows there were at a time. */
async function scrollThrough(page: Page): Promise<number> {
  return page.getByRole("list", { name: "Transfers" }).evaluate(async (list, steps) => {
    const scroller = list.parentElement?.parentElement as HTMLElement;
    let most = 0;
    for (let step = 0; step < steps; step += 1) {
      scroller.scrollTop += scroller.scrollHeight / steps;
      await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
      most = Math.max(most, scroller.querySelectorAll("article").length);
    }
    return most;
  }, STEPS);
}

test("the 100,000 files of a transfer are read where somebody looks, and nowhere else", async ({ page, demo }) => {
  const queue = await open(page, demo, [named(1, { filesTotal: 100_000 })]);
  const asked: number[] = [];
  queue.files = (after, limit) => {
    asked.push(after);
    const files = Array.from({ length: Math.min(limit, 100_000 - after) }, (_, index) => ({
      path: `part-${String(after + index).padStart(6, "0")}.parquet`,
      state: "waiting" as const,
      bytesTotal: 1000,
      bytesDone: 0,
    }));
    return { files, total: 100_000 };
  };
  await row(page, 1).getByRole("button", { name: "Show details" }).click();
  const files = page.getByRole("list", { name: /^Files of / });
  await expect(files.getByText("part-000000.parquet")).toBeVisible();
  await files.evaluate((list) => {
    const scroller = list.parentElement?.parentElement;
    scroller?.scrollTo(0, scroller.scrollHeight);
  });
  await expect(files.getByText("part-099999.parquet")).toBeVisible();
  expect(await files.getByRole("listitem").count()).toBeLessThanOrEqual(DRAWN);
  expect(new Set(asked).size).toBeLessThanOrEqual(4);
});

test("a transfer is moved with Alt and arrows, which is said and keeps the keys with it", async ({ page, demo }) => {
  const queue = await open(page, demo, [1, 2, 3].map((id) => named(id, { state: "queued" })));
  await rows(page).first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(row(page, 2)).toBeFocused();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(() => namesOf(page)).toEqual(["1", "3", "2"]);
  await expect(row(page, 2)).toBeFocused();
  await expect(page.getByText("model-0002 is now number 3 of 3")).toBeAttached();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(page.getByText("model-0002 cannot be moved further")).toBeAttached();
  await page.keyboard.press("Alt+Home");
  await expect.poll(() => namesOf(page)).toEqual(["2", "1", "3"]);
  expect(queue.asked.map(([, move]) => move)).toEqual([
    { id: 2, before: null },
    { id: 2, before: 1 },
  ]);
});

test("a transfer is moved by dragging its handle, within its class", async ({ page, demo }) => {
  const urgent = named(1, { class: "interactive" });
  const queue = await open(page, demo, [urgent, ...[2, 3, 4].map((id) => named(id, { state: "queued" }))]);
  await drag(page, row(page, 4), row(page, 2));
  await expect.poll(() => namesOf(page)).toEqual(["1", "4", "2", "3"]);
  await drag(page, row(page, 3), row(page, 1));
  await expect.poll(() => namesOf(page)).toEqual(["1", "3", "4", "2"]);
  expect(queue.asked).toHaveLength(2);
});

test("a transfer that is held at the edge of the list is carried on to the end of its class", async ({ page, demo }) => {
  const queue = await open(page, demo, Array.from({ length: 60 }, (_, index) => named(index + 1, { state: "queued" })));
  const list = await page.getByRole("list", { name: "Transfers" }).locator("../..").boundingBox();
  const handle = await row(page, 1).locator(".grip").boundingBox();
  if (!list || !handle) throw new Error("there is nothing to drag");
  await page.mouse.move(handle.x + 8, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(handle.x + 8, list.y + list.height - 4);
  await expect(row(page, 60)).toBeInViewport({ ratio: 1, timeout: 15_000 });
  await page.mouse.up();
  await expect.poll(() => queue.asked).toEqual([["move_transfer", { id: 1, before: null }]]);

  await page.mouse.move(handle.x + 8, list.y + list.height - 40);
  await page.mouse.down();
  await page.mouse.move(handle.x + 8, list.y + 4);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  expect(queue.asked, "Escape lets go of it where it was").toHaveLength(1);
});

async function drag(page: Page, from: Locator, onto: Locator): Promise<void> {
  const [handle, target] = [await from.locator(".grip").boundingBox(), await onto.boundingBox()];
  if (!handle || !target) throw new Error("there is nothing to drag");
  await page.mouse.move(handle.x + 8, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(handle.x + 8, target.y + target.height / 2);
  await page.mouse.move(handle.x + 8, target.y + 6);
  await page.mouse.up();
}

test("a move that cannot be made is taken back, and said", async ({ page, demo }) => {
  await open(page, demo, [1, 2].map((id) => named(id, { state: "queued" })));
  await refuse(page, "move_transfer", error("notWritable", "The list of transfers cannot be written to."));
  await row(page, 2).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByRole("region", { name: "Notices" })).toContainText("cannot be written to");
  await expect.poll(() => namesOf(page)).toEqual(["1", "2"]);
});

test("pause, resume, cancel, retry and remove do what they say", async ({ page, demo }) => {
  const queue = await open(page, demo, [named(1)]);
  const press = (name: string) => row(page, 1).getByRole("button", { name, exact: true }).click();
  const stands = (word: string) => expect(row(page, 1).getByText(word, { exact: true })).toBeVisible();
  await press("Pause");
  await stands("Paused");
  await press("Resume");
  await stands("Queued");
  await press("Cancel");
  await stands("Cancelled");
  await press("Retry");
  await stands("Queued");
  await queue.change({ id: 1, state: "done", bytesDone: 4_900_000_000, filesDone: 12, endedAt: "2026-01-02T03:04:05Z" });
  await stands("Done");
  await expect(row(page, 1).getByRole("progressbar")).toHaveAttribute("aria-valuenow", "100");
  await press("Remove from the list");
  await expect(page.getByRole("heading", { name: "Nothing is on its way" })).toBeVisible();
});

test("everything is paused and resumed at once, and what has ended is cleared", async ({ page, demo }) => {
  const done = named(9, { state: "done", endedAt: "2026-01-02T03:04:05Z" });
  await open(page, demo, [named(1), named(2, { state: "queued" }), done]);
  await expect(page.getByRole("main")).toContainText("1 running, 1 queued, 1 ended");
  await page.getByRole("button", { name: "Pause all" }).click();
  await expect(page.getByText("Everything is paused.")).toBeVisible();
  await expect(rows(page).getByText("Paused", { exact: true })).toHaveCount(2);
  await page.getByRole("button", { name: "Resume all" }).click();
  await expect(rows(page).getByText("Queued", { exact: true })).toHaveCount(2);
  await page.getByRole("button", { name: "Clear finished" }).click();
  await expect(rows(page)).toHaveCount(2);
});

test("a more urgent transfer goes before the others", async ({ page, demo }) => {
  await open(page, demo, [named(1), named(2, { state: "queued" })]);
  await row(page, 2).getByRole("button", { name: /^More for / }).click();
  await page.getByRole("menuitemradio", { name: /^Urgent/ }).click();
  await expect.poll(() => namesOf(page)).toEqual(["2", "1"]);
  await expect(row(page, 2).getByText("Urgent")).toBeVisible();
});

test("a row says to a screen reader how it stands, and what comes of it is said by itself", async ({ page, demo }) => {
  const queue = await open(page, demo, [named(1), named(2, { state: "waiting", waitingFor: "the network" })]);
  await expect(row(page, 1)).toHaveAccessibleDescription(/^Downloading 1\.2 GB of 4\.9 GB, 3 of 12 files, .* left$/);
  await expect(row(page, 2)).toHaveAccessibleDescription(/^Waiting .* Waiting for the network$/);
  await expect(row(page, 1).getByRole("progressbar")).toHaveAttribute("aria-valuetext", /^Downloading: 1\.2 GB of/);
  await queue.change({ id: 1, state: "done", endedAt: "2026-01-02T03:04:05Z" });
  const news = page.getByRole("status").filter({ hasText: "Download of somebody/model-0001 is done" });
  await expect(news).toBeAttached();
});

test("a bar never goes backwards while its transfer is under way", async ({ page, demo }) => {
  const queue = await open(page, demo, [named(1, { bytesDone: 600, bytesTotal: 1000 })]);
  const bar = row(page, 1).getByRole("progressbar");
  await expect(bar).toHaveAttribute("aria-valuenow", "60");
  await queue.change({ id: 1, bytesDone: 700, bytesTotal: 2000 });
  await expect(row(page, 1)).toContainText("700 bytes of 2.0 kB");
  await expect(bar).toHaveAttribute("aria-valuenow", "60");
  await queue.change({ id: 1, bytesDone: 1800 });
  await expect(bar).toHaveAttribute("aria-valuenow", "90");
});

test("each transfer that needs a person has the button that does it", async ({ page, demo }) => {
  const blocked = (id: number, reason: Transfer["blocked"], also: Partial<Transfer> = {}) =>
    named(id, { state: "blocked", blocked: reason, error: error("conflict", "That is why."), ...also });
  const queue = await open(page, demo, [
    blocked(1, "noSpace"),
    blocked(2, "conflict"),
    blocked(3, "volumeGone"),
    blocked(4, "signedOut", { signInAt: "https://hub.example" }),
  ]);
  await expect(page.getByRole("link", { name: /^Transfers.*4.*waiting for you/ })).toBeVisible();
  await expect(page.getByRole("contentinfo")).toContainText("4 need you");

  await row(page, 1).getByRole("button", { name: "Show in folder" }).click();
  await expect.poll(() => queue.asked.at(-1)).toEqual(["show_folder", { id: 1 }]);

  await row(page, 2).getByRole("button", { name: "Replace files…" }).click();
  const dialog = page.getByRole("dialog", { name: "Replace files" });
  await expect(dialog).toContainText("That is why.");
  await dialog.getByRole("button", { name: "Keep them" }).click();
  await expect(dialog).toBeHidden();
  await row(page, 2).getByRole("button", { name: "Replace files…" }).click();
  await dialog.getByRole("button", { name: "Replace them" }).click();
  await expect(row(page, 2).getByText("Queued", { exact: true })).toBeVisible();
  expect(queue.asked.at(-1)).toEqual(["overwrite_transfer", { id: 2 }]);

  await row(page, 4).getByRole("button", { name: "Sign in again" }).click();
  await expect(page).toHaveURL(/\/welcome\?hub=https%3A%2F%2Fhub\.example$/);
  await page.goBack();
  await row(page, 3).getByRole("button", { name: "Choose another folder…" }).click();
  await expect(row(page, 3).getByText("Queued", { exact: true })).toBeVisible();
  expect(queue.asked.at(-1)).toEqual(["redirect_transfer", { id: 3, folder: ELSEWHERE.id }]);
  await expect(row(page, 3)).toContainText(ELSEWHERE.path);
});

test("what is paused, and trouble with the queue, stay in sight on every screen", async ({ page, demo }) => {
  const queue = await Queue.of(page, demo);
  const queueTrouble = "The disk with the queue is full. Nothing new begins until there is room.";
  await queue.show([named(1), named(2, { state: "paused" })], { status: { queueTrouble } });
  await page.goto(demo.at("/models"));
  const bar = page.getByRole("contentinfo");
  await expect(bar).toContainText("1 running · 1 paused");
  await expect(bar.getByTitle(queueTrouble)).toHaveText("Trouble with the queue");
  await bar.getByRole("link").click();
  await expect(page.getByText(queueTrouble)).toBeVisible();
});

test("the keys stay where they were when rows come, go and change places", async ({ page, demo }) => {
  const queue = await open(page, demo, [1, 2, 3].map((id) => named(id)));
  const pause = row(page, 3).getByRole("button", { name: "Pause" });
  await pause.focus();
  await queue.change({ id: 1, state: "done", endedAt: "2026-01-02T03:04:05Z" });
  await expect.poll(() => namesOf(page)).toEqual(["2", "3", "1"]);
  await expect(pause).toBeFocused();
  await row(page, 1).getByRole("button", { name: "Remove from the list" }).press("Enter");
  await expect(rows(page)).toHaveCount(2);
  await expect(page.locator(":focus")).toHaveRole("article");
});

test("closing the window while something runs asks once what is to become of it", async ({ page, demo }) => {
  const queue = await open(page, demo, [named(1)]);
  const answers: string[] = [];
  await answer(page, "answer_quit", ({ answer: how }) => (answers.push(how), null));
  const dialog = page.getByRole("dialog", { name: "Quit Hubdesk?" });
  for (const [name, how] of [
    ["Go on in the background", "background"],
    ["Quit", "quit"],
    ["Stay", "stay"],
  ] as const) {
    await queue.tell({ type: "quitAsked", canHide: true });
    await expect(dialog).toContainText("1 transfer is running.");
    await expect(dialog.getByRole("button", { name: "Stay" }), "an answer has the keys, and a harmless one").toBeFocused();
    await dialog.getByRole("button", { name, exact: true }).click();
    await expect(dialog).toBeHidden();
    expect(answers.at(-1)).toBe(how);
  }
  await queue.tell({ type: "quitAsked", canHide: false });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Go on in the background" })).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(answers).toEqual(["background", "quit", "stay", "stay"]);
});
