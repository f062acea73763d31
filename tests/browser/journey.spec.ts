import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "./fixtures";
import { BIG, openFiles, openRepo, openScreen, startDownload } from "./steps";

test("a person tries the demo and downloads ticked files", async ({ page, app, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const name = "aurora-lab/polaris-mini-chat";

  await expect(page.getByRole("heading", { name: "Welcome to Hubdesk" })).toBeVisible();
  await page.getByRole("button", { name: "Try the demo Hub" }).click();
  await expect(page.getByRole("complementary", { name: "Demo Hub" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Account: demo, Demo Hub/ })).toBeVisible();

  await openRepo(page, name);
  const card = page.getByRole("tabpanel", { name: "Card" });
  await expect(card.getByRole("heading").first()).toBeVisible();
  await expect(card.getByRole("complementary", { name: "Metadata" })).toContainText("license");

  await openFiles(page);
  const config = page.getByRole("treeitem", { name: /^config\.json/ });
  await config.click();
  await page.getByRole("treeitem", { name: /^tokenizer\.json/ }).click();
  await expect(config).toBeChecked();
  await expect(page.getByText(/^2 files ticked, [\d.]+ kB$/)).toBeVisible();

  await page.getByRole("button", { name: "Download ticked files" }).click();
  const sheet = page.getByRole("dialog", { name: "Download" });
  await expect(sheet.getByRole("radio", { name: "Ticked: 2 files" })).toBeChecked();
  const numbers = sheet.getByRole("definition");
  await expect(numbers.nth(0)).toHaveText(/^main, at [0-9a-f]{7}$/);
  await expect(numbers.nth(1)).toHaveText(/^2 files, [\d.]+ kB$/);
  await expect(numbers.nth(2)).toHaveText("None");
  await expect(numbers.nth(3)).toHaveText(/^[\d.]+ kB, at most \d+ requests?$/);
  await expect(numbers.nth(4)).toHaveText(/^[\d.]+ kB$/);
  await expect(numbers.nth(6)).toContainText(join(app.cache, "models--aurora-lab--polaris-mini-chat", "snapshots"));
  await expect(numbers.nth(5)).toHaveText(/^[\d.]+ [GT]B on .+$/);
  const folder = await numbers.nth(6).innerText();
  await sheet.getByRole("button", { name: "Download" }).click();
  await expect(sheet).toBeHidden();

  await page.getByRole("region", { name: "Notices" }).getByRole("link", { name: "Show transfers" }).click();
  const transfer = page.getByRole("article", { name });
  await expect(transfer.getByText("Done", { exact: true })).toBeVisible();
  await expect(transfer).toContainText("2 files");
  await transfer.getByRole("button", { name: "Show in folder" }).click();
  await expect.poll(() => app.opened()).toEqual([folder]);
  await transfer.getByRole("button", { name: "Copy path" }).click();
  await expect(transfer.getByRole("status")).toHaveText("Copied");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(folder);

  const file = join(folder, "config.json");
  expect(JSON.parse(readFileSync(file, "utf8"))).toHaveProperty("model_type");
  expect(readlinkSync(file)).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
  expect(existsSync(join(folder, "model.safetensors"))).toBe(false);

  await transfer.getByRole("link", { name: "Open repository" }).click();
  await openFiles(page);
  await expect(config).toContainText("on disk");
  await openScreen(page, "Discover");
  await expect(page.getByRole("link", { name: `${name} On this computer` })).toBeVisible();
  await openScreen(page, "Transfers");
  await page.getByRole("button", { name: "Clear finished" }).click();
  await expect(page.getByRole("heading", { name: "Nothing is on its way" })).toBeVisible();
});

test("a download shows speed and time left, and its bar never goes backwards", async ({ page, far }) => {
  far.line.bytesPerSecond = 12 << 20;
  await openRepo(page, BIG);
  await startDownload(page);

  const bar = page.getByRole("progressbar", { name: `Download of ${BIG}` });
  const seen = bar.evaluate(
    (element) =>
      new Promise<number[]>((resolve) => {
        const values: number[] = [];
        const look = () => {
          const value = Number(element.getAttribute("aria-valuenow"));
          if (value !== values.at(-1)) values.push(value);
          if (value === 100) resolve(values);
        };
        new MutationObserver(look).observe(element, { attributes: true });
        look();
      }),
  );
  const transfer = page.getByRole("article", { name: BIG });
  const progress = /[\d.]+ MB of [\d.]+ MB, \d of 6 files, [\d.]+ MB\/s, .+ left$/;
  await expect(transfer.getByText(progress)).toBeVisible();
  await expect(page.getByRole("link", { name: "Transfers" }).first()).toHaveText(/1\s*unfinished/);
  await expect(page.getByRole("contentinfo")).toContainText(/1 running · .+ left/);
  far.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  const values = await seen;
  expect(values.length).toBeGreaterThan(3);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
  await expect(transfer.getByText("Done", { exact: true })).toBeVisible();
});

test("a cancelled download leaves nothing half done and goes on where it stopped", async ({ page, far }) => {
  const { app, hub, line } = far;
  line.bytesPerSecond = 12 << 20;
  await openRepo(page, BIG);
  await startDownload(page);

  const transfer = page.getByRole("article", { name: BIG });
  const bar = transfer.getByRole("progressbar");
  const percent = async () => Number(await bar.getAttribute("aria-valuenow"));
  await expect.poll(percent).toBeGreaterThan(30);
  await transfer.getByRole("button", { name: "Cancel" }).click();
  await expect(transfer.getByText("Cancelled", { exact: true })).toBeVisible();
  const had = await percent();
  expect(had).toBeLessThan(100);
  const snapshots = join(app.cache, "models--north-sea-data--gull-embeddings", "snapshots");
  expect(find(snapshots, "model.safetensors")).toEqual([]);

  await fetch(`${hub.endpoint}/_standin/log`, { method: "DELETE" });
  line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await transfer.getByRole("button", { name: "Retry" }).click();
  await expect(transfer.getByText("Done", { exact: true })).toBeVisible();
  const [file = ""] = find(snapshots, "model.safetensors");
  expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(basename(readlinkSync(file)));
  const log = await fetch(`${hub.endpoint}/_standin/log`).then((answer) => answer.json());
  const { requests } = log as { requests: { host: string; bytes: number }[] };
  const again = requests.filter(({ host }) => host === "storage").reduce((sum, { bytes }) => sum + bytes, 0);
  expect(again).toBeGreaterThan(0);
  // Less than what was missing by the bar, and the 8 MiB that an end may cost.
  expect(again).toBeLessThan((48 << 20) * (1 - had / 100) + (8 << 20));
});

/** Files of this name below the folder, if it is there. */
function find(folder: string, name: string): string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths.filter((path) => basename(path) === name).map((path) => join(folder, path));
}
