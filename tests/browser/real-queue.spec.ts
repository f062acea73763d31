import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "./fixtures";
import { BIG, openRepo, startDownload } from "./steps";

const NAME = "aurora-lab/polaris-base";

test("a download goes into a folder, and replaces what is in its way when that is agreed to", async ({
  page,
  openHub,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "hubdesk-folder-"));
  try {
    writeFileSync(join(folder, "config.json"), "mine");
    const { app } = await openHub(undefined, "--folder", folder);
    await page.getByRole("button", { name: "Look around without signing in" }).click();
    await openRepo(page, NAME);
    await page.getByRole("button", { name: "Download", exact: true }).click();
    const sheet = page.getByRole("dialog", { name: "Download" });
    await sheet.getByRole("button", { name: "Another folder…" }).click();
    await expect(sheet.getByRole("radio", { name: folder })).toBeChecked();
    await expect(sheet.getByRole("list", { name: "Files in the way" })).toContainText("config.json");
    await expect(sheet.getByRole("button", { name: "Download" })).toBeDisabled();
    await sheet.getByRole("checkbox", { name: /^Replace it/ }).check();
    await sheet.getByRole("button", { name: "Download" }).click();
    await page.getByRole("link", { name: "Show transfers" }).click();
    const transfer = page.getByRole("article", { name: NAME });
    await expect(transfer.getByText("Done", { exact: true })).toBeVisible();
    expect(readFileSync(join(folder, "config.json"), "utf8")).toContain("model_type");
    await expect.poll(async () => (await app.notices()).join()).toContain(NAME);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("whoever closes the window while something runs is asked, and may stay", async ({ page, far }) => {
  far.line.bytesPerSecond = 256 << 10;
  await openRepo(page, BIG);
  await startDownload(page);
  await expect(page.getByRole("article", { name: BIG }).getByText("Downloading")).toBeVisible();
  const closed = far.app.close();
  const dialog = page.getByRole("dialog", { name: "Quit Hubdesk?" });
  await expect(dialog).toContainText("1 transfer is running.");
  await dialog.getByRole("button", { name: "Stay" }).click();
  expect(await closed).toBe("stay");
  await expect(dialog).toBeHidden();
});

test("what is paused stays so over a new page, and everything can be resumed at once", async ({ page, far }) => {
  far.line.bytesPerSecond = 256 << 10;
  await openRepo(page, BIG);
  await startDownload(page);
  const transfer = page.getByRole("article", { name: BIG });
  await page.getByRole("button", { name: "Pause all" }).click();
  await expect(transfer.getByText("Paused", { exact: true })).toBeVisible();
  await page.reload();
  await expect(transfer.getByText("Paused", { exact: true })).toBeVisible();
  far.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.getByRole("button", { name: "Resume all" }).click();
  await expect(transfer.getByText("Done", { exact: true })).toBeVisible();
});
