import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test as base, type Hub } from "./fixtures";
import { error, refuse } from "./rpc";
import { openTransfers, OWN, stands, upload, write } from "./uploads";

/** The same, with a folder of the test's own to upload. */
const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "hubdesk-upload-"));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

/** What the Hub has below the folder that is uploaded to. */
async function there(hub: Hub, revision = "main"): Promise<string[]> {
  const url = `${hub.endpoint}/api/models/${OWN}/tree/${encodeURIComponent(revision)}?recursive=true`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${hub.token}` } });
  const entries = (await answer.json()) as { type: string; path: string }[];
  return entries.filter(({ type, path }) => type === "file" && path.startsWith("new/")).map(({ path }) => path);
}

test("an upload goes on when its secrets are agreed to one by one, says what came of it, and is taken back", async ({
  page,
  openHub,
  folder,
}) => {
  write(folder, { "data.txt": "data", ".env": "A=1", "d/id_rsa": "key" });
  const { app, hub } = await openHub(undefined, "--folder", folder);
  await openTransfers(page, hub);
  const row = await upload(page, app);
  await stands(row, "Needs you");
  await expect(row).toContainText("A file looks like a secret");
  expect(await there(hub)).toEqual([]);

  await row.getByRole("button", { name: "Show secrets…" }).click();
  const secrets = page.getByRole("dialog", { name: "Secrets in the upload" });
  await expect(secrets.getByRole("list", { name: "Secrets" }).getByRole("listitem")).toHaveCount(2);
  const goOn = secrets.getByRole("button", { name: "Go on uploading" });
  await secrets.getByRole("checkbox", { name: "new/.env may be published" }).check();
  await expect(goOn).toBeDisabled();
  await secrets.getByRole("checkbox", { name: "new/d/id_rsa may be published" }).check();
  await goOn.click();
  await expect(secrets).toBeHidden();
  await stands(row, "Done");
  expect(await there(hub)).toHaveLength(3);
  await expect.poll(async () => (await app.notices()).join()).toContain("Upload finished");

  await row.getByRole("button", { name: "Show details" }).click();
  const details = page.getByRole("region", { name: `Details of ${OWN}` });
  await expect(details.getByRole("list", { name: `Files of ${OWN}` })).toContainText("new/data.txt");
  await expect(details.getByText("There", { exact: true })).toHaveCount(3);
  await details.getByRole("button", { name: /^Open commit / }).click();
  await expect.poll(async () => (await app.opened()).join()).toMatch(/\/commit\/[0-9a-f]{40}/);

  await row.getByRole("button", { name: "Undo…" }).click();
  const undo = page.getByRole("dialog", { name: "Undo upload" });
  await expect(undo).toContainText("3 files that the upload has brought will be removed.");
  await expect(undo.getByRole("list", { name: "Files" })).toContainText("new/d/id_rsa");
  expect(await there(hub), "nothing is done before it is agreed to").toHaveLength(3);
  await undo.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(undo).toContainText("It was taken back by 1 commit.");
  expect(await there(hub)).toEqual([]);
  await undo.getByRole("button", { name: "Close" }).last().click();
  await expect(row.getByRole("button", { name: "Undo…" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(undo).toContainText("Everything is as before already.");
});

test("an upload by a pull request leads to its page, and others who were faster are looked at first", async ({
  page,
  openHub,
  folder,
}) => {
  write(folder, { "data.txt": "data" });
  const { app, hub } = await openHub(undefined, "--folder", folder);
  await openTransfers(page, hub);
  const row = await upload(page, app, { type: "pullRequest" });
  await stands(row, "Done");
  await expect(row).toContainText("by a pull request");
  expect(await there(hub)).toEqual([]);
  await row.getByRole("button", { name: "Show details" }).click();
  const details = page.getByRole("region", { name: `Details of ${OWN}` });
  await details.getByRole("button", { name: "Open pull request #1" }).click();
  await expect.poll(async () => (await app.opened()).join()).toContain("/discussions/1");

  await row.getByRole("button", { name: "Undo…" }).click();
  const undo = page.getByRole("dialog", { name: "Undo upload" });
  await expect(undo).toContainText("The pull request itself stays open.");
  const relent = await refuse(page, "run_undo", error("conflict", "Others have changed the same files."));
  await undo.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(undo.getByRole("alert")).toContainText("Others have changed the same files.");
  await expect(undo.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();
  await relent();
  await undo.getByRole("button", { name: "Try again" }).click();
  await expect(undo.getByRole("alert")).toBeHidden();
  await undo.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(undo).toContainText("It was taken back by 1 commit.");
  expect(await there(hub, "refs/pr/1")).toEqual([]);
});
