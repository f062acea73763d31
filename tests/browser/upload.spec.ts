import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, lookAround, test } from "./fixtures";
import { answer, error, refuse } from "./rpc";
import { openScreen, signIn } from "./steps";
import { asNewModel, folder, isUploaded, OTHERS, sheetOf } from "./upload";

const fates = "What becomes of each file";

test("a dropped folder becomes a new private repository when its secret is acknowledged", async ({ page, demo }) => {
  await demo.drop(folder(demo, "run"));
  const sheet = sheetOf(page);
  await expect(sheet.getByRole("list", { name: "Chosen" })).toContainText("run");
  const upload = sheet.getByRole("button", { name: "Upload", exact: true });
  await expect(upload).toBeDisabled();
  await asNewModel(page, "dropped");
  await expect(sheet.getByRole("radio", { name: "Private" })).toBeChecked();
  await expect(sheet.getByRole("radio", { name: "Only what is in it" })).toBeChecked();

  const files = sheet.getByRole("list", { name: fates });
  await expect(files.getByRole("listitem").filter({ hasText: "config.json" })).toContainText("New");
  await expect(files.getByRole("listitem").filter({ hasText: ".DS_Store" })).toContainText("Stays here");
  await expect(sheet.getByText(/^3 files, /)).toBeVisible();
  await expect(sheet.getByText("Decide about 1 secret:")).toBeVisible();
  await expect(upload).toBeDisabled();
  await sheet.getByRole("checkbox", { name: ".env may be published" }).check();
  await expect(upload).toBeEnabled();
  await upload.click();
  await expect(sheet).toBeHidden();
  await isUploaded(page, "demo/dropped");

  await page.goto(demo.at("/models/demo/dropped?tab=files"));
  await expect(page.getByText("Private", { exact: true })).toBeVisible();
  await expect(page.getByRole("treeitem", { name: /^\.env/ })).toBeVisible();
  await expect(page.getByRole("treeitem", { name: /DS_Store/ })).toHaveCount(0);
});

test("a secret can be left out instead, and taken along again", async ({ page, demo }) => {
  await demo.drop(folder(demo, "run"));
  await asNewModel(page, "clean");
  const sheet = sheetOf(page);
  await sheet.getByRole("button", { name: "Leave out .env" }).click();
  await expect(sheet.getByRole("button", { name: "Take .env along" })).toBeVisible();
  await expect(sheet.getByRole("checkbox", { name: ".env may be published" })).toBeHidden();
  await sheet.getByRole("button", { name: "Take .env along" }).click();
  await expect(sheet.getByRole("checkbox", { name: ".env may be published" })).toBeVisible();
  await sheet.getByRole("button", { name: "Leave out .env" }).click();
  await expect(sheet.getByText(/^2 files, /)).toBeVisible();
  const upload = sheet.getByRole("button", { name: "Upload", exact: true });
  await expect(upload).toBeEnabled();
  await upload.click();
  await isUploaded(page, "demo/clean");
});

test("the drop zone names the place before anything is let go", async ({ page, demo }) => {
  await page.goto(demo.at(`/models/paperbird/sketch-diffusion-small?tab=files`));
  await page.getByRole("treeitem", { name: /^text_encoder/ }).click();
  await demo.drag(2);
  await expect(page.getByText("Upload to paperbird/sketch-diffusion-small, folder text_encoder/")).toBeVisible();
  await expect(page.getByText("2 files and folders")).toBeVisible();
  await demo.drag(0);
  await expect(page.getByText(/^Upload to paperbird/)).toBeHidden();
  await demo.drop(folder(demo, "run"));
  const sheet = sheetOf(page);
  await expect(sheet.getByLabel("Repository", { exact: true })).toHaveValue("paperbird/sketch-diffusion-small");
  await expect(sheet.getByLabel("Folder in the repository")).toHaveValue("text_encoder");
  await demo.drag(1);
  await expect(page.getByText("Add to this upload")).toBeVisible();
  await demo.drop(join(demo.home, "run/config.json"));
  await expect(sheet.getByRole("list", { name: "Chosen" }).getByRole("listitem")).toHaveCount(2);
  await sheet.getByRole("button", { name: "Close" }).last().click();

  await openScreen(page, "Library");
  await demo.drag(1);
  await expect(page.getByText("Upload to a repository you choose next")).toBeVisible();
});

test("to a repository of others it goes as a pull request", async ({ page, demo }) => {
  await demo.choose({ files: [join(folder(demo, "run"), "config.json")] });
  await page.goto(demo.at(`/models/${OTHERS}`));
  await page.getByRole("button", { name: "Upload…", exact: true }).click();
  const sheet = sheetOf(page);
  await sheet.getByRole("button", { name: "Add files…" }).click();
  await expect(sheet.getByRole("radio", { name: "As a pull request" })).toBeChecked();
  await sheet.getByLabel("Title of the pull request").fill("Fewer layers");
  const files = sheet.getByRole("list", { name: fates });
  await expect(files.getByRole("listitem").filter({ hasText: "config.json" })).toContainText("Changed");
  const upload = sheet.getByRole("button", { name: "Upload", exact: true });
  await expect(upload).toBeEnabled();
  await upload.click();
  await isUploaded(page, OTHERS);
  await page.goto(demo.at(`/models/${OTHERS}`));
  await page.getByRole("button", { name: /^Revision: / }).click();
  await expect(page.getByRole("option", { name: /^Pull request #/ }).first()).toBeVisible();
});

test("who may not write to a branch is told so, and led to a pull request", async ({ page, demo }) => {
  await page.goto(demo.at(`/models/${OTHERS}`));
  await expect(page.getByRole("heading", { level: 1, name: OTHERS })).toBeVisible();
  await demo.drop(join(folder(demo, "run"), "config.json"));
  const sheet = sheetOf(page);
  await sheet.getByRole("radio", { name: "To a branch" }).check();
  await expect(sheet.getByRole("alert")).toContainText("You may not write there");
  await sheet.getByRole("button", { name: "Upload as a pull request" }).click();
  await expect(sheet.getByRole("alert")).toBeHidden();
  await expect(sheet.getByRole("button", { name: "Upload", exact: true })).toBeEnabled();
});

test("a repository that is not there can be made on the way", async ({ page, demo }) => {
  await demo.drop(join(folder(demo, "run"), "README.md"));
  const sheet = sheetOf(page);
  await sheet.getByLabel("Repository", { exact: true }).selectOption({ label: "Another one, by its name…" });
  await sheet.getByLabel("Its name").fill("demo/not-yet");
  await expect(sheet.getByRole("alert")).toContainText("Not found");
  await sheet.getByRole("button", { name: "Create this repository" }).click();
  await expect(sheet.getByLabel("Name", { exact: true })).toHaveValue("not-yet");
  await sheet.getByRole("button", { name: "Upload", exact: true }).click();
  await isUploaded(page, "demo/not-yet");
});

test("a new branch is made, and what matches goes from it", async ({ page, demo }) => {
  const work = folder(demo, "run", { "README.md": "A card.\n", "old.bin": "old", "new.txt": "new" });
  await demo.drop(join(work, "README.md"), join(work, "old.bin"));
  const sheet = sheetOf(page);
  const upload = sheet.getByRole("button", { name: "Upload", exact: true });
  await asNewModel(page, "branches");
  await upload.click();
  await isUploaded(page, "demo/branches");

  await demo.drop(join(work, "new.txt"));
  await sheet.getByLabel("Repository", { exact: true }).selectOption("demo/branches");
  await sheet.getByRole("radio", { name: "To a new branch" }).check();
  await sheet.getByLabel("Name of the branch").fill("without");
  await sheet.getByText("More", { exact: true }).click();
  await sheet.getByLabel("Delete in the repository what matches").fill("*.bin");
  await expect(sheet.getByText("1 file", { exact: true })).toBeVisible();
  await sheet.getByRole("button", { name: "Deleted 1" }).click();
  await expect(sheet.getByRole("list", { name: fates }).getByRole("listitem")).toHaveText(/old\.bin.*Deleted/);
  await upload.click();
  await expect(sheet).toBeHidden();
  await page.goto(demo.at("/transfers"));
  await expect(page.getByRole("article", { name: "demo/branches" }).getByText("Done", { exact: true })).toHaveCount(2);
  await page.goto(demo.at("/models/demo/branches/tree/without?tab=files"));
  await expect(page.getByRole("treeitem", { name: /^new\.txt/ })).toBeVisible();
  await expect(page.getByRole("treeitem", { name: /^old\.bin/ })).toHaveCount(0);
});

test("of two files for one place a person is told which one goes", async ({ page, demo }) => {
  const [one, other] = ["one", "other"].map((name) => folder(demo, name, { "a.txt": name }));
  await demo.drop(join(one ?? "", "a.txt"), join(other ?? "", "a.txt"));
  const told = sheetOf(page).getByText(/^Several of them would be a\.txt:/);
  await expect(told).toBeVisible();
  await sheetOf(page).getByRole("button", { name: "Do not upload a.txt" }).first().click();
  await expect(told).toBeHidden();
});

test("files that were copied are pasted, but not into a field of text", async ({ page, demo }) => {
  const copied = join(folder(demo, "run"), "config.json");
  await demo.choose({ copied: [copied] });
  await page.getByRole("searchbox", { name: "Find models by name" }).press("Control+v");
  await page.getByRole("main").focus();
  const asked = page.waitForResponse("**/rpc/paste_files");
  await page.keyboard.press("Control+v");
  await asked;
  await expect(sheetOf(page).getByRole("list", { name: "Chosen" }).getByRole("listitem")).toHaveCount(1);
});

test("what is there already is not uploaded again", async ({ page, demo }) => {
  const work = folder(demo, "run", { "README.md": "A card.\n" });
  for (const isFirst of [true, false]) {
    await page.goto(demo.at("/my-repos"));
    await page.getByRole("button", { name: "Upload to a repository…" }).waitFor();
    await demo.drop(join(work, "README.md"));
    const sheet = sheetOf(page);
    if (isFirst) {
      await asNewModel(page, "twice");
      await sheet.getByRole("button", { name: "Upload", exact: true }).click();
      await isUploaded(page, "demo/twice");
    } else {
      await sheet.getByLabel("Repository", { exact: true }).selectOption("demo/twice");
      await expect(sheet.getByText("There is nothing to upload: the repository has all of it.")).toBeVisible();
      await expect(sheet.getByRole("button", { name: "Upload", exact: true })).toBeDisabled();
      await expect(sheet.getByRole("list", { name: fates })).toContainText("Already there");
    }
  }
});

test("whoever is not signed in signs in first, and what was chosen is still there", async ({ page, openHub }) => {
  const { app, hub } = await openHub();
  await lookAround(page);
  await app.drop(join(folder(app, "run"), "config.json"));
  const sheet = sheetOf(page);
  await expect(sheet.getByRole("button", { name: "Upload", exact: true })).toBeDisabled();
  await sheet.getByRole("button", { name: "Sign in…" }).click();
  await signIn(page, hub.token);
  await expect(sheet.getByRole("list", { name: "Chosen" })).toContainText("config.json");
  await expect(sheet.getByLabel("Repository", { exact: true })).toBeVisible();
});

test("a sign-in that only reads says so before anything is asked", async ({ page, demo }) => {
  const why = "The token of this sign-in may only read.";
  await answer(page, "upload_targets", () => ({ owners: ["demo"], repos: [], cannotWrite: why, cannotCreate: null }));
  await demo.drop(join(folder(demo, "run"), "config.json"));
  const sheet = sheetOf(page);
  await expect(sheet.getByRole("region", { name: "This sign-in cannot upload" })).toContainText(why);
  await expect(sheet.getByRole("button", { name: "Upload", exact: true })).toBeDisabled();
});

test("what cannot be found out is said, and can be tried again", async ({ page, demo }) => {
  const mend = await refuse(page, "start_preview", error("offline", "hub.example cannot be reached."));
  await demo.drop(join(folder(demo, "run"), "README.md"));
  await asNewModel(page, "later");
  const sheet = sheetOf(page);
  await expect(sheet.getByRole("alert")).toContainText("hub.example cannot be reached.");
  await expect(sheet.getByRole("button", { name: "Upload", exact: true })).toBeDisabled();
  await mend();
  await sheet.getByRole("button", { name: "Try again" }).click();
  await expect(sheet.getByRole("alert")).toBeHidden();
  const fails = await refuse(page, "start_upload", error("internal", "The queue cannot be written."));
  await sheet.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(sheet.getByRole("alert")).toContainText("The queue cannot be written.");
  await fails();
  await sheet.getByRole("button", { name: "Try again" }).click();
  await expect(sheet).toBeHidden();
});

test("an empty folder says that nothing is in it", async ({ page, demo }) => {
  const empty = join(demo.home, "empty");
  mkdirSync(empty);
  await demo.drop(empty);
  await asNewModel(page, "nothing");
  const sheet = sheetOf(page);
  await expect(sheet.getByText("No file is chosen by this.")).toBeVisible();
  await expect(sheet.getByRole("button", { name: "Upload", exact: true })).toBeDisabled();
});

test("all of it can be done with the keys, which come back to where they were", async ({ page, demo }) => {
  await demo.choose({ files: [join(folder(demo, "run"), "README.md")] });
  await page.goto(demo.at("/library"));
  const button = page.getByRole("button", { name: "Upload to…" });
  await button.focus();
  await page.keyboard.press("Enter");
  const sheet = sheetOf(page);
  await sheet.getByRole("button", { name: "Add files…" }).press("Enter");
  await expect(sheet.getByRole("list", { name: "Chosen" })).toContainText("README.md");
  await sheet.getByRole("radio", { name: "Existing repository" }).press("ArrowRight");
  await sheet.getByLabel("Name", { exact: true }).pressSequentially("by-keys");
  await expect(sheet.getByRole("button", { name: "Upload", exact: true })).toBeEnabled();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(button).toBeFocused();
});
