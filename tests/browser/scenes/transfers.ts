import { expect, lookAround, type Page } from "../fixtures";
import type { SlowLine } from "../slow-line";
import { BIG, openRepo, openScreen, startDownload } from "../steps";
import type { Act } from "./act";

let line: SlowLine;

const ended = (page: Page, name: string, word: string) =>
  expect(page.getByRole("article", { name }).getByText(word, { exact: true })).toBeVisible();

/** Downloads as they come and go, over a line that is slowed down. */
export const transfers: Act = {
  open: async ({ page, startApp, startHub, openLine }) => {
    line = await openLine(await startHub());
    const app = await startApp({ HF_ENDPOINT: line.endpoint });
    await page.goto(app.url);
    await lookAround(page);
    return app;
  },
  scenes: {
    "transfers-empty": async (page) => {
      await openScreen(page, "Transfers");
      await expect(page.getByRole("heading", { name: "Nothing is on its way" })).toBeVisible();
    },
    "transfers-running": async (page) => {
      line.bytesPerSecond = 16 << 20;
      await openScreen(page, "Discover");
      await openRepo(page, BIG);
      await startDownload(page);
      const bar = page.getByRole("progressbar");
      await expect.poll(async () => Number(await bar.getAttribute("aria-valuenow"))).toBeGreaterThan(30);
      line.bytesPerSecond = 1 << 20;
      await expect(page.getByRole("article").getByText(/MB\/s, .+ left$/)).toBeVisible();
    },
    "transfers-cancelled": async (page) => {
      await page.getByRole("button", { name: "Cancel" }).click();
      await ended(page, BIG, "Cancelled");
    },
    "transfers-blocked": async (page) => {
      await openScreen(page, "Discover");
      await openRepo(page, "willow-clinic/triage-notes-classifier");
      await startDownload(page);
      await ended(page, "willow-clinic/triage-notes-classifier", "Needs you");
    },
    "transfers-done": async (page) => {
      line.bytesPerSecond = Number.POSITIVE_INFINITY;
      await openScreen(page, "Discover");
      await openRepo(page, "aurora-lab/polaris-base");
      await startDownload(page);
      await ended(page, "aurora-lab/polaris-base", "Done");
    },
    "transfers-waiting": async (page) => {
      line.bytesPerSecond = 1 << 20;
      const transfer = page.getByRole("article", { name: BIG });
      await transfer.getByRole("button", { name: "Retry" }).click();
      await expect(transfer.getByText(/left$/)).toBeVisible();
      await line.close();
      await expect(transfer.getByText(/^Waiting for/)).toBeVisible();
    },
  },
};
