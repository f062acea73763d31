import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, type App, type Page } from "./fixtures";

/** A repository that everybody sees and its one user may not write to. */
export const OTHERS = "aurora-lab/polaris-base";

/** A token of the Hub by its shape; nobody has it. */
const TOKEN = `hf_${"abcdefghijklmnopqrstuvwxyz01234567"}`;

/** What a person works on: two files with content, a secret, and what an editor left about. */
export const WORK = {
  "README.md": "---\nlicense: mit\n---\nA card.\n",
  "config.json": '{"layers": 2}\n',
  ".env": `TOKEN=${TOKEN}\n`,
  ".DS_Store": "junk",
};

/** Writes a folder into the home of the program; it goes with it. Gives its path. */
export function folder(app: App, name: string, files: Record<string, string> = WORK): string {
  const root = join(app.home, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export const sheetOf = (page: Page) => page.getByRole("dialog", { name: "Upload to…" });

/** Says in the open sheet that the upload makes a new model of this name. */
export async function asNewModel(page: Page, name: string): Promise<void> {
  const sheet = sheetOf(page);
  await sheet.getByRole("radio", { name: "New repository" }).check();
  await sheet.getByLabel("Name", { exact: true }).fill(name);
}

/** Follows the notice to the transfer, and waits until it is done. */
export async function isUploaded(page: Page, name: string): Promise<void> {
  await page.getByRole("region", { name: "Notices" }).getByRole("link", { name: "Show transfers" }).click();
  const transfer = page.getByRole("article", { name });
  await expect(transfer.getByText("Done", { exact: true })).toBeVisible({ timeout: 20_000 });
}
