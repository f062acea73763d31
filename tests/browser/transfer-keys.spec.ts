import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "./fixtures";
import { pressUntil, tabTo } from "./keys";
import { BIG, openRepo, startDownload } from "./steps";

test("a variant is chosen, downloaded, paused, resumed, moved and shown without a mouse", async ({ page, far }) => {
  const name = "aurora-lab/polaris-mini-chat-GGUF";
  far.line.bytesPerSecond = 256 << 10;
  await openRepo(page, BIG);
  await startDownload(page);

  await page.keyboard.press("Control+k");
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Download", exact: true }));
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog", { name: "Download" });
  await expect(sheet.getByRole("radio", { name: "One variant" })).toBeChecked();
  const variants = sheet.getByRole("group", { name: "GGUF quantisations" }).getByRole("radio");
  const suggested = sheet.getByRole("group", { name: "GGUF quantisations" }).getByRole("radio", { checked: true });
  await expect(suggested).toHaveCount(1);
  await pressUntil(page, "Tab", suggested);
  // The arrows go round, so that each of them is reached from any.
  await pressUntil(page, "ArrowUp", variants.first());
  await expect(variants.first()).toBeChecked();
  await expect(sheet.getByRole("button", { name: "Download" })).toBeEnabled();
  await tabTo(page, sheet.getByRole("button", { name: "Download" }));
  await page.keyboard.press("Enter");
  await expect(sheet).toBeHidden();
  await tabTo(page, page.getByRole("link", { name: "Show transfers" }).last());
  await page.keyboard.press("Enter");

  const transfer = page.getByRole("article", { name });
  const rows = page.getByRole("list", { name: "Transfers" }).getByRole("article");
  await expect(rows).toHaveCount(2);
  await tabTo(page, rows.first());
  await page.keyboard.press("ArrowDown");
  await expect(transfer).toBeFocused();
  await page.keyboard.press("Space");
  await expect(transfer.getByText("Paused", { exact: true })).toBeVisible();
  await page.keyboard.press("Space");
  await expect(transfer.getByText("Paused", { exact: true })).toBeHidden();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(rows.first()).toHaveAccessibleName(name);
  await expect(transfer).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(transfer.locator("..").getByRole("list", { name: `Files of ${name}` })).toContainText(".gguf");

  far.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await expect(transfer.getByText("Done", { exact: true })).toBeVisible();
  await tabTo(page, transfer.getByRole("button", { name: "Show in folder" }));
  await page.keyboard.press("Space");
  await expect.poll(() => far.app.opened()).toHaveLength(1);
  const [folder = ""] = await far.app.opened();
  expect(existsSync(folder)).toBe(true);
  expect(readdirSync(folder).filter((file) => file.endsWith(".gguf"))).toHaveLength(1);
});
