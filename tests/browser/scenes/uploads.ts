import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "../fixtures";
import { openTransfers, OWN, stands, upload, write } from "../uploads";
import type { Act } from "./act";

const FILES = { "README.md": "# notes\n", "data/rows.csv": "a,b\n1,2\n", ".env": "PASSWORD=x\n" };

const row = (page: Page) => page.getByRole("article", { name: OWN });

/** An upload, from the secret it stops at to its being taken back. */
export const uploads: Act = {
  open: async ({ page, openHub }) => {
    const folder = mkdtempSync(join(tmpdir(), "hubdesk-upload-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    write(folder, FILES);
    const { app, hub } = await openHub(undefined, "--folder", folder);
    await openTransfers(page, hub);
    return app;
  },
  scenes: {
    "uploads-secret": async (page, app) => {
      await stands(await upload(page, app), "Needs you");
    },
    "uploads-secrets": async (page) => {
      await row(page).getByRole("button", { name: "Show secrets…" }).click();
      await expect(page.getByRole("checkbox")).toBeVisible();
    },
    "uploads-done": async (page) => {
      await page.getByRole("checkbox").check();
      await page.getByRole("button", { name: "Go on uploading" }).click();
      await stands(row(page), "Done");
      await row(page).getByRole("button", { name: "Show details" }).click();
      await expect(page.getByText("There", { exact: true })).toHaveCount(3);
    },
    "uploads-undo": async (page) => {
      await row(page).getByRole("button", { name: "Undo…" }).click();
      await expect(page.getByRole("dialog").getByText("3 files")).toBeVisible();
    },
    "uploads-undone": async (page) => {
      await page.getByRole("button", { name: "Undo", exact: true }).click();
      await expect(page.getByText("It was taken back by 1 commit.")).toBeVisible();
    },
  },
};
