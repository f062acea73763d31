import { expect, type App, type Page } from "../fixtures";
import { answer, error, hold, refuse } from "../rpc";
import { inDemo } from "./discover";
import type { Act } from "./act";

const ADDRESS = "/models/aurora-lab/polaris-mini-chat";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

const atFiles = async (page: Page, app: App) => {
  await page.goto(app.at("/models/paperbird/sketch-diffusion-small?tab=files"));
  await page.getByRole("treeitem", { name: /^text_encoder/ }).click();
  await expect(page.getByRole("treeitem", { name: /^model\.safetensors/ })).toBeVisible();
};

/** A repository: card, files, revisions. */
export const repository: Act = {
  open: inDemo,
  scenes: {
    "repository-card": async (page, app) => {
      await page.goto(app.at(ADDRESS));
      await expect(page.getByRole("complementary", { name: "Metadata" })).toBeVisible();
    },
    "repository-revisions": async (page) => {
      await page.getByRole("button", { name: /^Revision: / }).click();
      await expect(page.getByRole("listbox", { name: "Revisions" })).toBeVisible();
    },
    "repository-dataset": async (page, app) => {
      await page.goto(app.at("/datasets/north-sea-data/harbour-logs"));
      await expect(page.getByRole("complementary", { name: "Metadata" })).toBeVisible();
    },
    "repository-loading": async (page, app) => {
      await hold(page, "repo_overview");
      await page.goto(app.at(ADDRESS));
      await expect(page.getByText("Reading what the Hub knows about it…")).toBeVisible();
    },
    "repository-not-found": async (page, app) => {
      await page.goto(app.at("/models/nobody/nothing"));
      await expect(page.getByRole("alert")).toContainText("There is no model nobody/nothing");
    },
    "repository-no-such-revision": async (page, app) => {
      await page.goto(app.at(`${ADDRESS}/tree/gone`));
      await expect(page.getByRole("alert")).toContainText("The revision does not exist");
    },
    "card-loading": async (page, app) => {
      await hold(page, "repo_card");
      await page.goto(app.at(ADDRESS));
      await expect(page.getByText("Reading the card…")).toBeVisible();
    },
    "card-error": async (page, app) => {
      await refuse(page, "repo_card", error("internal", "Hubdesk could not show the card.", "Try again."));
      await page.goto(app.at(ADDRESS));
      await expect(page.getByRole("alert")).toContainText("Something went wrong in Hubdesk");
    },
    "card-none": async (page, app) => {
      await answer(page, "repo_card", () => null);
      await page.goto(app.at(ADDRESS));
      await expect(page.getByRole("heading", { name: "This repository has no card" })).toBeVisible();
    },
    "files-tree": atFiles,
    "files-ticked": async (page, app) => {
      await atFiles(page, app);
      await page.getByRole("treeitem", { name: /^model\.safetensors/ }).click();
      await page.getByRole("treeitem", { name: /^README\.md/ }).click();
      await expect(page.getByText(/^2 files ticked/)).toBeVisible();
    },
    "files-loading": async (page, app) => {
      await hold(page, "repo_files");
      await page.goto(app.at(`${ADDRESS}?tab=files`));
      await expect(page.getByText("Reading the list of files…")).toBeVisible();
    },
    "files-error": async (page, app) => {
      const fault = error("badAnswer", "hub.example gave an answer that makes no sense: a file without a size.");
      await refuse(page, "repo_files", { ...fault, hint: "Check that the address in the settings is that of a Hub." });
      await page.goto(app.at(`${ADDRESS}?tab=files`));
      await expect(page.getByRole("alert")).toContainText("makes no sense");
    },
    "files-none": async (page, app) => {
      await answer(page, "repo_files", () => ({ commit: COMMIT, files: [], bytes: 0 }));
      await page.goto(app.at(`${ADDRESS}?tab=files`));
      await expect(page.getByRole("heading", { name: "No files at this revision" })).toBeVisible();
    },
    "files-not-for-here": async (page, app) => {
      const file = { bytes: 1234, isLarge: false, isHere: false, problem: null };
      const problem = "Windows reserves the name CON";
      const files = [{ ...file, path: "CON", problem }, { ...file, path: `${"a-long-name-".repeat(20)}.bin` }];
      await answer(page, "repo_files", () => ({ commit: COMMIT, files, bytes: 2468 }));
      await page.goto(app.at(`${ADDRESS}?tab=files`));
      await expect(page.getByText("Not for this computer")).toBeVisible();
    },
  },
};

const plan = {
  commit: COMMIT,
  files: 12,
  bytes: 14_960_000_000,
  filesHere: 2,
  bytesToFetch: 9_760_000_000,
  bytesFree: 4_100_000_000,
  folder: `/home/somebody/.cache/huggingface/hub/models--aurora-lab--polaris-mini-chat/snapshots/${COMMIT}`,
};

const openSheet = async (page: Page, app: App) => {
  await page.goto(app.at(ADDRESS));
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "Download" })).toBeVisible();
};

/** The sheet that says what a download will do. */
export const download: Act = {
  open: inDemo,
  scenes: {
    "download-everything": async (page, app) => {
      await openSheet(page, app);
      await expect(page.getByRole("dialog").getByRole("button", { name: "Download" })).toBeEnabled();
    },
    "download-ticked": async (page, app) => {
      await atFiles(page, app);
      await page.getByRole("treeitem", { name: /^README\.md/ }).click();
      await page.getByRole("button", { name: "Download ticked files" }).click();
      await expect(page.getByRole("dialog").getByRole("button", { name: "Download" })).toBeEnabled();
    },
    "download-loading": async (page, app) => {
      await hold(page, "plan_download");
      await openSheet(page, app);
      await expect(page.getByText("Working out what has to be fetched…")).toBeVisible();
    },
    "download-no-room": async (page, app) => {
      await answer(page, "plan_download", () => plan);
      await openSheet(page, app);
      await expect(page.getByRole("alert")).toContainText("Not enough room");
    },
    "download-all-here": async (page, app) => {
      await answer(page, "plan_download", () => ({ ...plan, filesHere: 12, bytesToFetch: 0 }));
      await openSheet(page, app);
      await expect(page.getByText("Nothing: all of it is here")).toBeVisible();
    },
    "download-error": async (page, app) => {
      const hint = "Change its permissions, or set HF_HOME to another folder.";
      await refuse(page, "plan_download", error("notWritable", "You may not write /home/somebody/.cache.", hint));
      await openSheet(page, app);
      await expect(page.getByRole("alert")).toContainText("The folder cannot be written to");
    },
    "download-started": async (page, app) => {
      await openSheet(page, app);
      await page.getByRole("dialog").getByRole("button", { name: "Download" }).click();
      await expect(page.getByRole("region", { name: "Notices" }).getByRole("link")).toBeVisible();
    },
  },
};
