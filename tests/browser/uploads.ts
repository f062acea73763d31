import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { UploadOnto } from "../../ui/src/lib/api/bindings";
import type { Locator } from "@playwright/test";
import { expect, type App, type Hub, type Page } from "./fixtures";
import { ask } from "./rpc";
import { openScreen, signIn } from "./steps";

/** A repository of the stand-in's one user, private. */
export const OWN = "demo/my-first-adapter";

export const MAIN: UploadOnto = { type: "branch", name: "main", create: false };

/** Puts files into a folder, by their paths in it. */
export function write(folder: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
}

/** From the welcome page to the transfers, somebody having signed in. */
export async function openTransfers(page: Page, hub: Hub): Promise<void> {
  await signIn(page, hub.token);
  await expect(page.getByRole("button", { name: /^Account: demo/ })).toBeVisible();
  await openScreen(page, "Transfers");
}

/** Uploads the folder that a person chooses, as a page would ask for it; gives its row. */
export async function upload(page: Page, app: App, onto: UploadOnto = MAIN): Promise<Locator> {
  const [source] = await ask(app, "pick_source_folder", null);
  await ask(app, "start_upload", {
    upload: {
      repo: { kind: "model", name: OWN },
      create: null,
      onto,
      sources: [{ source: source?.id ?? "", to: "new" }],
      include: [],
      exclude: [],
      leaveOutJunk: true,
      leaveOutIgnored: true,
      remove: null,
    },
    title: "",
    description: "",
    acknowledged: [],
    expect: null,
    class: "normal",
  });
  return page.getByRole("article", { name: OWN }).first();
}

export const stands = (row: Locator, word: string) => expect(row.getByText(word, { exact: true })).toBeVisible();
