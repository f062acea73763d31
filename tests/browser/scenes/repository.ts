import type { ApiError, Choices, DownloadPlan, Fits, Variant } from "../../../ui/src/lib/api/bindings";
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

const plan: DownloadPlan = {
  commit: COMMIT,
  files: 12,
  bytes: 14_960_000_000,
  filesHere: 2,
  bytesToFetch: 9_760_000_000,
  bytesSpace: 9_760_000_000,
  bytesFree: 4_100_000_000,
  volume: "/home",
  requests: 14,
  folder: `/home/somebody/.cache/huggingface/hub/models--aurora-lab--polaris-mini-chat/snapshots/${COMMIT}`,
  conflicts: [],
  conflictsTotal: 0,
};

const roomy = { ...plan, bytesFree: 400_000_000_000 };

const quantisation = (name: string, bytes: number, fits: Fits, isHere = false): Variant => ({
  id: `gguf ${name}`,
  group: "gguf",
  name,
  detail: `polaris-mini-chat-${name}.gguf`,
  files: 1,
  bytes,
  fits,
  isHere,
});

const variants: Variant[] = [
  quantisation("Q2_K", 2_700_000_000, "yes", true),
  quantisation("Q4_K_M", 4_360_000_000, "yes"),
  quantisation("Q6_K", 5_900_000_000, "tight"),
  quantisation("Q8_0", 7_700_000_000, "no"),
  quantisation("F16", 14_500_000_000, "notOnDisk"),
  {
    id: "safetensors bf16",
    group: "safetensors",
    name: "bf16",
    detail: "model-00001-of-00004.safetensors and 3 more",
    files: 4,
    bytes: 14_500_000_000,
    fits: "no",
    isHere: false,
  },
];

const choices: Choices = {
  variants: [],
  memoryBytes: 16_600_000_000,
  folders: [
    { id: "f1", path: "/home/somebody/models" },
    { id: "f2", path: "/media/somebody/A rather long name of a disk/models/of/all/kinds/for/llama.cpp" },
  ],
};

const openSheet = async (page: Page, app: App) => {
  await page.goto(app.at(ADDRESS));
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "Download" })).toBeVisible();
};

/** The sheet, for a repository that was made up. */
const withPlan = async (page: Page, app: App, also: Partial<DownloadPlan> = {}, known: Partial<Choices> = {}) => {
  await answer(page, "download_choices", () => ({ ...choices, ...known }));
  await answer(page, "plan_download", () => ({ ...roomy, ...also }));
  await openSheet(page, app);
  await expect(page.getByText("Free space left after")).toBeVisible();
};

const broken = async (page: Page, app: App, fault: ApiError) => {
  await answer(page, "download_choices", () => choices);
  await refuse(page, "plan_download", fault);
  await openSheet(page, app);
  await expect(page.getByRole("alert")).toContainText(fault.message);
};

/** The sheet that says what a download will do. */
export const download: Act = {
  open: inDemo,
  scenes: {
    "download-everything": (page, app) => withPlan(page, app),
    "download-variants": (page, app) => {
      const bytes = 4_360_000_000;
      const one = { files: 1, filesHere: 0, bytes, bytesToFetch: bytes, bytesSpace: bytes, requests: 2 };
      return withPlan(page, app, one, { variants });
    },
    "download-patterns": async (page, app) => {
      await withPlan(page, app);
      await page.getByRole("radio", { name: "By pattern" }).check();
      await page.getByLabel("Files that match").fill("*.safetensors tokenizer*");
      await expect(page.getByText("12 files match")).toBeVisible();
    },
    "download-ticked": async (page, app) => {
      await answer(page, "download_choices", () => choices);
      const one = { files: 1, filesHere: 0, bytes: 557, bytesToFetch: 557, bytesSpace: 557, requests: 2 };
      await answer(page, "plan_download", () => ({ ...roomy, ...one }));
      await atFiles(page, app);
      await page.getByRole("treeitem", { name: /^README\.md/ }).click();
      await page.getByRole("button", { name: "Download ticked files" }).click();
      await expect(page.getByRole("radio", { name: "Ticked: 1 file" })).toBeChecked();
    },
    "download-choosing": async (page, app) => {
      await hold(page, "download_choices");
      await openSheet(page, app);
      await expect(page.getByText("Looking what there is to choose from…")).toBeVisible();
    },
    "download-loading": async (page, app) => {
      await answer(page, "download_choices", () => choices);
      await hold(page, "plan_download");
      await openSheet(page, app);
      await expect(page.getByText("Working out what has to be fetched…")).toBeVisible();
    },
    "download-no-room": async (page, app) => {
      await withPlan(page, app, plan);
      await expect(page.getByRole("alert")).toContainText("Not enough room");
    },
    "download-nothing-matches": async (page, app) => {
      await withPlan(page, app, { files: 0, bytes: 0, filesHere: 0, bytesToFetch: 0, bytesSpace: 0 });
      await expect(page.getByText("No file of the repository is chosen by this.")).toBeVisible();
    },
    "download-conflicts": async (page, app) => {
      const conflicts = Array.from({ length: 100 }, (_, index) => `${"a-long-folder/".repeat(3)}file-${index}.json`);
      await withPlan(page, app, { conflicts, conflictsTotal: 1234, folder: "/home/somebody/models" });
      await page.getByRole("radio", { name: "/home/somebody/models" }).check();
      await expect(page.getByText("1,234 files in that folder are in the way")).toBeVisible();
    },
    "download-all-here": async (page, app) => {
      await withPlan(page, app, { filesHere: 12, bytesToFetch: 0, bytesSpace: 0 });
      await expect(page.getByText("Nothing: all of it is here")).toBeVisible();
    },
    "download-as-it-was": async (page, app) => {
      await answer(page, "download_choices", () => choices);
      const asOf = Date.now() - 7_200_000;
      await page.route("**/rpc/plan_download", (route) => route.fulfill({ json: { answer: roomy, asOf } }));
      await openSheet(page, app);
      await expect(page.getByRole("dialog").getByText("From 2 hours ago")).toBeVisible();
    },
    "download-error": (page, app) => {
      const hint = "Change its permissions, or set HF_HOME to another folder.";
      return broken(page, app, error("notWritable", "You may not write /home/somebody/.cache.", hint));
    },
    "download-offline": (page, app) =>
      broken(page, app, error("offline", "hub.example cannot be reached.", "It is tried again when it can be.")),
    "download-signed-out": (page, app) =>
      broken(page, app, error("signedOut", "Only somebody who is signed in may download this.")),
    "download-gated": (page, app) =>
      broken(page, app, error("gated", "Access to aurora-lab/polaris-mini-chat has to be asked for.")),
    "download-started": async (page, app) => {
      await answer(page, "start_download", () => 1);
      await withPlan(page, app);
      await page.getByRole("dialog").getByRole("button", { name: "Download" }).click();
      await expect(page.getByRole("region", { name: "Notices" }).getByRole("link")).toBeVisible();
    },
  },
};
