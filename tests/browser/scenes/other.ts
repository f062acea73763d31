import { expect, type App, type Page } from "../fixtures";
import { error, refuse } from "../rpc";
import { inDemo } from "./discover";
import type { Act } from "./act";

const screen = (path: string, name: string) => async (page: Page, app: App) => {
  await page.goto(app.at(path));
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
};

/** Settings, screens that are still empty, and addresses that lead nowhere. */
export const other: Act = {
  open: inDemo,
  scenes: {
    "library-empty": screen("/library", "Library"),
    "sync-empty": screen("/sync", "Sync"),
    "my-repos-empty": screen("/my-repos", "My repos"),
    "playground-empty": screen("/playground", "Playground"),
    "settings-demo": async (page, app) => {
      await page.goto(app.at("/settings"));
      await expect(page.getByRole("radio", { name: "System" })).toBeChecked();
    },
    "settings-wrong-address": async (page) => {
      await page.getByLabel("Address of the Hub").fill("ftp://hub.example");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
    "settings-not-kept": async (page, app) => {
      await page.goto(app.at("/settings"));
      await refuse(page, "save_settings", error("noSpace", "There is no room left for settings.json.", "Make room."));
      await page.getByLabel("Address of the Hub").fill("https://hub.example");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByRole("alert")).toContainText("Not enough room");
    },
    "account-menu": async (page, app) => {
      await page.goto(app.at("/settings"));
      await page.getByRole("button", { name: /^Account: demo/ }).click();
      await expect(page.getByRole("menu")).toBeVisible();
    },
    "welcome-again": async (page) => {
      await page.getByRole("menuitem", { name: "Add an account…" }).click();
      await expect(page.getByRole("link", { name: "Back to the open Hub" })).toBeVisible();
    },
    "address-unknown": screen("/nowhere", "No such screen"),
    "address-no-repository": screen("/models/a/b/c/d", "No repository"),
  },
};
