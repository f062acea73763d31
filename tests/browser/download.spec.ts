import type { Choices, Commands, DownloadPlan, Variant } from "../../ui/src/lib/api/bindings";
import { expect, test, type App, type Page } from "./fixtures";
import { answer, error, refuse } from "./rpc";

const REPO = "/models/aurora-lab/polaris-mini-chat";

const variant = (name: string, bytes: number, fits: Variant["fits"]): Variant => ({
  id: name,
  group: "gguf",
  name,
  detail: `model-${name}.gguf`,
  files: 1,
  bytes,
  fits,
  isHere: false,
});

const plan: DownloadPlan = {
  commit: "a".repeat(40),
  files: 3,
  bytes: 3e9,
  filesHere: 0,
  bytesToFetch: 3e9,
  bytesSpace: 3e9,
  bytesFree: 9e9,
  volume: "/home",
  requests: 4,
  folder: "/somewhere",
  conflicts: [],
  conflictsTotal: 0,
};

/** Opens the sheet; gives what was planned and what was started. */
async function openSheet(page: Page, app: App, known: Partial<Choices> = {}, make = (): Partial<DownloadPlan> => ({})) {
  const planned: Commands["plan_download"]["request"][] = [];
  const started: Commands["start_download"]["request"][] = [];
  await answer(page, "download_choices", () => ({ variants: [], memoryBytes: 16e9, folders: [], ...known }));
  await answer(page, "plan_download", (request) => (planned.push(request), { ...plan, ...make() }));
  await answer(page, "start_download", (request) => (started.push(request), 1));
  await page.goto(app.at(REPO));
  await page.getByRole("button", { name: "Download", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "Download" });
  await expect(sheet).toContainText("Free space left after");
  return { sheet, planned, started, begin: sheet.getByRole("button", { name: "Download" }) };
}

test("the largest quantisation that fits is suggested, and another one can be chosen", async ({ page, demo }) => {
  const variants = [variant("Q2_K", 2e9, "yes"), variant("Q4_K_M", 4e9, "yes"), variant("Q8_0", 8e9, "no")];
  const { sheet, planned, started, begin } = await openSheet(page, demo, { variants });
  await expect(sheet.getByLabel("Revision"), "the first question has the keys").toBeFocused();
  await expect(sheet.getByRole("radio", { name: "One variant" })).toBeChecked();
  await expect(sheet.getByRole("radio", { name: /^Q4_K_M .*Fits this machine$/ })).toBeChecked();
  expect(planned.map(({ selection }) => selection)).toEqual([{ type: "variant", id: "Q4_K_M" }]);
  await sheet.getByRole("radio", { name: /^Q8_0 .*Too big for the memory$/ }).check();
  await expect.poll(() => planned.at(-1)?.selection).toEqual({ type: "variant", id: "Q8_0" });
  await begin.click();
  await expect(sheet).toBeHidden();
  expect(started).toEqual([
    {
      repo: { kind: "model", name: "aurora-lab/polaris-mini-chat" },
      revision: "main",
      selection: { type: "variant", id: "Q8_0" },
      into: { type: "cache" },
      class: "normal",
      overwrite: false,
    },
  ]);
  await expect(page.getByRole("region", { name: "Notices" })).toContainText("Downloading aurora-lab/polaris-mini-chat");
});

test("patterns are counted when nothing is typed for a moment", async ({ page, demo }) => {
  const { sheet, planned } = await openSheet(page, demo, {}, () => ({ files: 7 }));
  await sheet.getByRole("radio", { name: "By pattern" }).check();
  await sheet.getByLabel("Files that match").pressSequentially("*.json *.md");
  await sheet.getByLabel("But not those that match").fill("onnx/*");
  const wanted = { type: "patterns", include: ["*.json", "*.md"], exclude: ["onnx/*"] };
  await expect.poll(() => planned.at(-1)?.selection).toEqual(wanted);
  await expect(sheet.getByText("7 files match")).toBeVisible();
  expect(planned.length).toBeLessThan(8);
});

test("another revision is chosen in the sheet", async ({ page, demo }) => {
  const { sheet, planned } = await openSheet(page, demo);
  await sheet.getByLabel("Revision").selectOption("longer-context");
  await expect.poll(() => planned.at(-1)?.revision).toBe("longer-context");
  await expect(sheet).toContainText("longer-context, at aaaaaaa");
});

test("a folder is chosen by the desktop's dialog, or was used lately", async ({ page, demo }) => {
  const folders = [{ id: "f1", path: "/home/somebody/models" }];
  const { sheet, planned } = await openSheet(page, demo, { folders });
  await sheet.getByRole("radio", { name: "/home/somebody/models" }).check();
  await expect.poll(() => planned.at(-1)?.into).toEqual({ type: "folder", folder: "f1" });
  await answer(page, "pick_folder", () => ({ id: "f2", path: "/media/disk" }));
  await sheet.getByRole("button", { name: "Another folder…" }).click();
  await expect(sheet.getByRole("radio", { name: "/media/disk" })).toBeChecked();
  await expect.poll(() => planned.at(-1)?.into).toEqual({ type: "folder", folder: "f2" });
  await answer(page, "pick_folder", () => null);
  await sheet.getByRole("button", { name: "Another folder…" }).click();
  await expect(sheet.getByRole("radio", { name: "/media/disk" })).toBeChecked();
});

test("files in the way are named, and replaced only when a person says so", async ({ page, demo }) => {
  const conflicts = ["config.json", "README.md"];
  const { sheet, started, begin } = await openSheet(page, demo, {}, () => ({ conflicts, conflictsTotal: 2 }));
  await expect(sheet.getByRole("list", { name: "Files in the way" })).toContainText("README.md");
  await expect(begin).toBeDisabled();
  await sheet.getByRole("checkbox", { name: "Replace them" }).check();
  await expect(begin).toBeEnabled();
  // What was agreed to for one choice is not agreed to for another.
  await sheet.getByRole("radio", { name: "By pattern" }).check();
  await expect(begin).toBeDisabled();
  await sheet.getByRole("checkbox", { name: "Replace them" }).check();
  await begin.click();
  await expect.poll(() => started.at(-1)?.overwrite).toBe(true);
});

test("where the choices cannot be known, everything is downloaded and the error is said once", async ({ page, demo }) => {
  await refuse(page, "download_choices", error("offline", "hub.example cannot be reached."));
  const mend = await refuse(page, "plan_download", error("offline", "hub.example cannot be reached."));
  await page.goto(demo.at(REPO));
  await page.getByRole("button", { name: "Download", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "Download" });
  await expect(sheet.getByRole("alert")).toHaveCount(1);
  await expect(sheet.getByRole("button", { name: "Download" })).toBeDisabled();
  await mend();
  await answer(page, "plan_download", () => plan);
  await sheet.getByRole("button", { name: "Try again" }).click();
  await expect(sheet.getByRole("radio", { name: "Everything" })).toBeChecked();
  await expect(sheet.getByRole("button", { name: "Download" })).toBeEnabled();
});
