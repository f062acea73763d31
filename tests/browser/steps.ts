import { expect, type Page } from "./fixtures";

/** The demo's one model with a big file: 48 MiB. */
export const BIG = "north-sea-data/gull-embeddings";

/** From a list to a repository of it. */
export async function openRepo(page: Page, name: string): Promise<void> {
  await page.getByRole("listitem").getByRole("link", { name: new RegExp(`^${name} `) }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** From a repository's card to its files. */
export async function openFiles(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(page.getByRole("tree", { name: "Files" })).toBeVisible();
}

/** From a repository to its transfer, everything of it being downloaded. */
export async function startDownload(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await page.getByRole("dialog", { name: "Download" }).getByRole("button", { name: "Download" }).click();
  await page.getByRole("region", { name: "Notices" }).getByRole("link", { name: "Show transfers" }).click();
  await expect(page.getByRole("heading", { name: "Transfers" })).toBeVisible();
}

export async function openScreen(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}
