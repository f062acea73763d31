import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, lookAround, type Page } from "../fixtures";
import { hold, NOTHING, pretend, tell } from "../rpc";
import { typeToken } from "../steps";
import { folder } from "../upload";
import type { Act } from "./act";

const shown = (page: Page) => expect(page.getByRole("heading", { name: "Welcome to Hubdesk" })).toBeVisible();

/** Before a Hub is open. */
export const welcome: Act = {
  open: async ({ openHub }) => (await openHub()).app,
  scenes: {
    "welcome-choices": shown,
    "welcome-sign-in": async (page) => {
      await page.getByRole("button", { name: "Sign in with a token" }).click();
      await expect(page.getByLabel("Token", { exact: true })).toBeVisible();
    },
    "welcome-wrong-token": async (page) => {
      await page.getByLabel("Token", { exact: true }).fill("hf_mistyped");
      await page.getByRole("button", { name: "Check the token" }).click();
      await expect(page.getByRole("alert")).toContainText("The token is missing");
    },
    "welcome-opening": async (page, app) => {
      await page.goto(app.url);
      await hold(page, "open_demo");
      await page.getByRole("button", { name: "Try the demo Hub" }).click();
      await expect(page.getByText("Opening the Hub…")).toBeVisible();
    },
    "settings-no-hub": async (page, app) => {
      await page.goto(app.at("/settings"));
      await expect(page.getByText("No Hub is open.")).toBeVisible();
    },
    "starting-slow": async (page, app) => {
      await page.route("**/events?*", () => undefined);
      await page.goto(app.url);
      await expect(page.getByText("Starting Hubdesk…")).toBeVisible();
    },
  },
};

/** A Hub that nobody answers at, and a cache of other tools. */
export const closed: Act = {
  open: async ({ page, startApp, startHub }) => {
    const hub = await startHub();
    await hub.stop();
    const app = await startApp({ HF_ENDPOINT: hub.endpoint });
    for (const name of ["models--somebody--something", "datasets--somebody--numbers"]) {
      mkdirSync(join(app.cache, name, "snapshots"), { recursive: true });
    }
    await page.goto(app.url);
    return app;
  },
  scenes: {
    "welcome-cache-found": shown,
    "welcome-offline": async (page) => {
      await typeToken(page, "hf_whatever");
      await expect(page.getByRole("alert")).toContainText("cannot be reached");
    },
    "discover-offline-empty": async (page) => {
      await page.getByRole("button", { name: "Look around without signing in" }).click();
      await expect(page.getByRole("alert")).toContainText("The Hub cannot be reached");
      await expect(page.getByRole("contentinfo")).toContainText("Offline");
    },
  },
};

/** A Hub that went away while it was looked at. */
export const offline: Act = {
  open: async ({ page, openHub }) => {
    const { app, hub } = await openHub();
    await lookAround(page);
    await hub.stop();
    return app;
  },
  scenes: {
    "discover-offline": async (page) => {
      await page.getByRole("link", { name: "Datasets" }).click();
      await expect(page.getByText("What was read before is still shown")).toBeVisible();
      await page.getByRole("link", { name: "Models" }).click();
      await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
    },
    "repository-offline": async (page) => {
      await page.getByRole("list", { name: "Models" }).getByRole("link").first().click();
      await expect(page.getByRole("alert")).toContainText("The Hub cannot be reached");
    },
    "discover-as-of": async (page, app) => {
      await page.goto(app.at("/models"));
      await expect(page.getByText(/^From /)).toBeVisible();
    },
    "offline-told": async (page, app) => {
      const { status } = NOTHING;
      await pretend(page, app, {}, { status: { ...status, isOnline: false, isToldOffline: true } });
      await page.goto(app.at("/models"));
      await expect(page.getByText("HF_HUB_OFFLINE is set")).toBeVisible();
    },
    "status-busy": async (page, app) => {
      const { status } = NOTHING;
      const busy = { running: 3, bytesPerSecond: 42e6, secondsLeft: 720, hubWaitSeconds: 95, bytesFree: 9.2e9 };
      await pretend(page, app, {}, { status: { ...status, ...busy } });
      await page.goto(app.at("/library"));
      await expect(page.getByText("Waiting for the Hub’s rate limit")).toBeVisible();
    },
    "hub-warning": async (page, app) => {
      const message = "Your storage is almost full. From 1 December on, uploads are refused until there is room again.";
      await tell(page, app, { type: "hubWarning", topic: "storage", message, endpoint: "https://hub.example" });
      await page.goto(app.at("/library"));
      await expect(page.getByText("hub.example says: Your storage")).toBeVisible();
    },
  },
};

/** What is to be seen without an account. */
export const anonymous: Act = {
  open: async ({ page, openHub }) => {
    const { app } = await openHub();
    await lookAround(page);
    return app;
  },
  scenes: {
    "repository-gated": async (page, app) => {
      await page.goto(app.at("/models/willow-clinic/triage-notes-classifier"));
      await expect(page.getByText("Only somebody who is signed in can ask.")).toBeVisible();
    },
    "repository-private": async (page, app) => {
      await page.goto(app.at("/models/demo/my-first-adapter"));
      await expect(page.getByRole("alert")).toContainText("or it is private");
    },
    "account-signed-out": async (page) => {
      await page.getByRole("button", { name: "Account: Not signed in" }).click();
      await expect(page.getByRole("menu")).toBeVisible();
    },
    "upload-signed-out": async (page, app) => {
      await page.goto(app.at("/models"));
      await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
      await app.drop(folder(app, "run"));
      await expect(page.getByRole("region", { name: "Sign in to upload" })).toBeVisible();
    },
  },
};
