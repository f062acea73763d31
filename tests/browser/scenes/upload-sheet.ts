import type { FileFate, PreviewFile, UploadFinding, UploadPlan } from "../../../ui/src/lib/api/bindings";
import { expect, type App, type Page } from "../fixtures";
import { answer, error, hold, refuse } from "../rpc";
import { asNewModel, folder, OTHERS, sheetOf } from "../upload";
import type { Act } from "./act";
import { inDemo } from "./discover";

const MINE = "demo/evening-walks";

/** The sheet with the folder that somebody works on; `to` is one of their models. */
const dropped = async (page: Page, app: App, to?: string) => {
  await page.goto(app.at("/models"));
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
  await app.drop(folder(app, "polaris-mini-finetuned"));
  const sheet = sheetOf(page);
  await expect(sheet).toBeVisible();
  if (to === undefined) return;
  await sheet.getByLabel("Repository", { exact: true }).selectOption(to);
};

const mine = (page: Page) =>
  answer(page, "upload_targets", ({ kind }) => ({
    owners: ["demo", "aurora-lab"],
    repos: kind === "model" ? [MINE, "demo/tide-tables", "aurora-lab/polaris-mini"] : [],
    cannotWrite: null,
    cannotCreate: null,
  }));

const finding = (kind: UploadFinding["kind"], path: string | null, message: string, hint: string): UploadFinding => ({
  kind,
  path,
  message,
  hint,
  isBlocking: kind === "secret" || kind === "tooLong",
});

const findings = [
  finding(
    "secret",
    "polaris-mini-finetuned/.env",
    "polaris-mini-finetuned/.env is a file of settings that by custom holds passwords.",
    "Leave it out, or say that it may be published.",
  ),
  finding(
    "secret",
    "polaris-mini-finetuned/notebooks/first-look.ipynb",
    "polaris-mini-finetuned/notebooks/first-look.ipynb holds an access token of the Hub.",
    "Leave it out, or say that it may be published.",
  ),
  finding("noCard", null, "Nothing says what the repository is.", "Add a README.md, which is its card."),
  finding(
    "staysHere",
    "/home/mira/polaris-mini-finetuned/locked.bin",
    "/home/mira/polaris-mini-finetuned/locked.bin cannot be read.",
    "It stays here. Change its permissions to take it along.",
  ),
];

const plan: UploadPlan = {
  base: "0123456789abcdef0123456789abcdef01234567",
  counts: [
    { fate: "new", files: 1204, bytes: 14_500_000_000 },
    { fate: "changed", files: 3, bytes: 2_100_000 },
    { fate: "same", files: 41, bytes: 62_000_000 },
    { fate: "leftOut", files: 2, bytes: 0 },
  ],
  filesToSend: 1207,
  bytesToSend: 14_502_100_000,
  commits: 4,
  findings: [],
  findingsTotal: 0,
};

const file = (path: string, fate: FileFate, bytes: number, also: Partial<PreviewFile> = {}): PreviewFile => ({
  path,
  bytes,
  fate,
  isLarge: false,
  why: null,
  ...also,
});

const files: PreviewFile[] = [
  file("polaris-mini-finetuned/README.md", "changed", 4_210),
  file("polaris-mini-finetuned/.env", "new", 120, { why: "is a file of settings that by custom holds passwords" }),
  file("polaris-mini-finetuned/config.json", "same", 812),
  file("polaris-mini-finetuned/model-00001-of-00004.safetensors", "new", 4_900_000_000, { isLarge: true }),
  file("polaris-mini-finetuned/model-00002-of-00004.safetensors", "new", 4_900_000_000, { isLarge: true }),
  file(`polaris-mini-finetuned/${"a-long-name-".repeat(14)}.parquet`, "new", 98_000_000, { isLarge: true }),
  file("polaris-mini-finetuned/tokenizer.json", "changed", 2_050_000),
  file("/home/mira/polaris-mini-finetuned/.DS_Store", "leftOut", 0, {
    why: "is left about by the system or an editor",
  }),
  file("/home/mira/polaris-mini-finetuned/locked.bin", "leftOut", 0, { why: "may not be read" }),
];

/** The program knows this plan. */
const planned = async (page: Page, also: Partial<UploadPlan> = {}) => {
  await mine(page);
  await answer(page, "start_preview", () => 1);
  await answer(page, "upload_preview", () => ({ type: "ready", plan: { ...plan, ...also } }));
  await answer(page, "preview_files", ({ fate }) => {
    const some = files.filter((one) => fate === null || one.fate === fate);
    return { files: some, total: some.length };
  });
};

const listed = (page: Page) =>
  expect(sheetOf(page).getByRole("list", { name: "What becomes of each file" })).toContainText("tokenizer.json");

/** What would be uploaded cannot be found out. */
const failed = async (page: Page, app: App, fault: ReturnType<typeof error>, to = MINE) => {
  await mine(page);
  await refuse(page, "start_preview", fault);
  await dropped(page, app, to);
  await expect(sheetOf(page).getByRole("alert")).toContainText(fault.message);
};

/** The upload sheet, and the ways into it. */
export const uploadSheet: Act = {
  open: inDemo,
  scenes: {
    "upload-drop-zone": async (page, app) => {
      await page.goto(app.at(`/models/${OTHERS}?tab=files`));
      await page.getByRole("treeitem", { name: /^config\.json/ }).waitFor();
      await app.drag(12);
      await expect(page.getByText(`Upload to ${OTHERS}`)).toBeVisible();
    },
    "upload-empty": async (page, app) => {
      await app.drag(0);
      await page.goto(app.at("/my-repos"));
      await page.getByRole("button", { name: "Upload to a repository…" }).click();
      await expect(sheetOf(page).getByText("Nothing is chosen yet.")).toBeVisible();
    },
    "upload-choose": async (page, app) => {
      await mine(page);
      await dropped(page, app);
      await expect(sheetOf(page).getByText(/^Choose a repository\./)).toBeVisible();
    },
    "upload-asking-where": async (page, app) => {
      await hold(page, "upload_targets");
      await page.goto(app.at(`/models/${OTHERS}`));
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await app.drop(folder(app, "polaris-mini-finetuned"));
      await expect(sheetOf(page).getByText("Looking where you can upload to…")).toBeVisible();
    },
    "upload-looking": async (page, app) => {
      await mine(page);
      await answer(page, "start_preview", () => 1);
      await answer(page, "upload_preview", () => ({
        type: "looking",
        stage: "reading",
        filesTotal: 100_000,
        filesDone: 31_250,
        bytesTotal: 14_500_000_000,
        bytesDone: 4_100_000_000,
      }));
      await dropped(page, app, MINE);
      await expect(sheetOf(page).getByText(/31,250 of 100,000 files/)).toBeVisible();
    },
    "upload-plan": async (page, app) => {
      await planned(page);
      await dropped(page, app, MINE);
      await listed(page);
    },
    "upload-findings": async (page, app) => {
      await planned(page, { findings, findingsTotal: findings.length });
      await dropped(page, app, MINE);
      await listed(page);
      await sheetOf(page).getByRole("checkbox").first().check();
      await expect(sheetOf(page).getByText(/^Decide about 1 secret:/)).toBeVisible();
    },
    "upload-more": async (page, app) => {
      await planned(page);
      await dropped(page, app, MINE);
      await sheetOf(page).getByRole("radio", { name: "To a new branch" }).check();
      await sheetOf(page).getByLabel("Name of the branch").fill("fine-tuned");
      await sheetOf(page).getByText("More", { exact: true }).click();
      await sheetOf(page).getByLabel("But not those that match").fill("*.bin");
      await listed(page);
    },
    "upload-new": async (page, app) => {
      await planned(page, { base: null });
      await dropped(page, app);
      await asNewModel(page, "polaris-mini-finetuned");
      await sheetOf(page).getByRole("radio", { name: "Space" }).check();
      await listed(page);
    },
    "upload-nothing-new": async (page, app) => {
      const counts = [{ fate: "same", files: 1248, bytes: 14_562_000_000 } as const];
      await planned(page, { counts, filesToSend: 0, bytesToSend: 0, commits: 0 });
      await dropped(page, app, MINE);
      await expect(sheetOf(page).getByText(/^There is nothing to upload/)).toBeVisible();
    },
    "upload-missing": async (page, app) => {
      await failed(page, app, error("notFound", `There is no model ${MINE}.`, "Check the name."));
      await expect(sheetOf(page).getByRole("button", { name: "Create this repository" })).toBeVisible();
    },
    "upload-no-right": async (page, app) => {
      await failed(page, app, error("forbidden", `This account may not write to ${MINE}.`, "Ask its owner."));
      await expect(sheetOf(page).getByRole("button", { name: "Upload as a pull request" })).toBeVisible();
    },
    "upload-error": async (page, app) => {
      await failed(page, app, error("hubDown", "hub.example is in trouble (status 502).", "Try again in a few minutes."));
    },
    "upload-offline": async (page, app) => {
      await failed(page, app, error("offline", "hub.example cannot be reached.", "Check the network."));
    },
    "upload-read-only": async (page, app) => {
      const why = "The token of this sign-in may only read.";
      await answer(page, "upload_targets", () => ({ owners: ["demo"], repos: [], cannotWrite: why, cannotCreate: null }));
      await dropped(page, app);
      await expect(sheetOf(page).getByRole("region", { name: "This sign-in cannot upload" })).toBeVisible();
    },
  },
};
