import { expect, test } from "./fixtures";
import { answer, error, hold, refuse } from "./rpc";
import { openScreen } from "./steps";

const REPO = "/models/aurora-lab/polaris-mini-chat";

test("a slow answer shows its shape at once, and words after a second", async ({ page, demo }) => {
  for (const [command, address, words] of [
    ["repo_list", "/models", "Reading the list from the Hub…"],
    ["repo_overview", REPO, "Reading what the Hub knows about it…"],
    ["repo_card", REPO, "Reading the card…"],
    ["repo_files", `${REPO}?tab=files`, "Reading the list of files…"],
    ["settings", "/settings", "Reading the settings…"],
    ["accounts", "/settings", "Looking who is signed in…"],
  ] as const) {
    const release = await hold(page, command);
    await page.goto(demo.at(address));
    const main = page.getByRole("main");
    const shape = main.locator("[aria-busy=true]").last();
    await expect(shape).toBeVisible();
    await expect(main.getByText(words)).toBeVisible();
    release();
    await expect(main.getByText(words)).toBeHidden();
    await expect(shape).toBeHidden();
    await page.unrouteAll();
  }
});

test("an error says what happened and what to do, and its button tries again", async ({ page, demo, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  for (const [command, address] of [
    ["repo_list", "/models"],
    ["repo_overview", REPO],
    ["repo_card", REPO],
    ["repo_files", `${REPO}?tab=files`],
  ] as const) {
    const fault = error("hubDown", "hub.example is in trouble (status 502).", "Try again in a few minutes.");
    const mend = await refuse(page, command, fault);
    await page.goto(demo.at(address));
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("The Hub has a fault");
    await expect(alert).toContainText(fault.message);
    await expect(alert).toContainText("Try again in a few minutes.");
    await alert.getByRole("button", { name: "Copy details" }).click();
    await expect(page.getByRole("status").filter({ hasText: "Copied" })).toHaveCount(1);
    const details = await page.evaluate(() => navigator.clipboard.readText());
    expect(details).toContain("Code: hubDown");
    expect(details).toContain(`Request: ${fault.requestId}`);
    expect(details).not.toContain("hf_");
    await mend();
    await alert.getByRole("button", { name: "Try again" }).click();
    await expect(alert).toBeHidden();
  }
});

test("whoever is signed out is led to the welcome page and back", async ({ page, demo }) => {
  const mend = await refuse(page, "repo_list", error("signedOut", "The token is missing, wrong or expired."));
  await page.goto(demo.at("/models"));
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Sign in to see this");
  await alert.getByRole("button", { name: "Sign in…" }).click();
  await expect(page.getByRole("heading", { name: "Welcome to Hubdesk" })).toBeVisible();
  await mend();
  await page.getByRole("link", { name: "Back to the open Hub" }).click();
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
});

test("every empty screen says what it is for and leads on", async ({ page, demo }) => {
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
  for (const name of ["Library", "Transfers", "Sync", "My repos", "Playground"]) {
    await openScreen(page, name);
    const main = page.getByRole("main");
    await expect(main.getByRole("heading", { level: 2 })).toBeVisible();
    await main.getByRole("link").click();
    await expect(page).toHaveURL(new RegExp(`^${demo.origin}/models`));
  }
  await page.getByRole("searchbox", { name: "Find models by name" }).fill("nothing-is-called-this");
  await expect(page.getByRole("heading", { name: "No models named “nothing-is-called-this”" })).toBeVisible();
});

test("a repository without card or files says so", async ({ page, demo }) => {
  await answer(page, "repo_card", () => null);
  await answer(page, "repo_files", () => ({ commit: "a".repeat(40), files: [], bytes: 0 }));
  await page.goto(demo.at(REPO));
  await expect(page.getByRole("heading", { name: "This repository has no card" })).toBeVisible();
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(page.getByRole("heading", { name: "No files at this revision" })).toBeVisible();
});

test("an address that leads nowhere says so, and leads on", async ({ page, demo }) => {
  for (const address of ["/nowhere", "/models/a/b/c/d"]) {
    await page.goto(demo.at(address));
    await page.getByRole("main").getByRole("link", { name: "Go to Discover" }).click();
    await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
  }
});

test("what does not fit on the disk cannot be started", async ({ page, demo }) => {
  await answer(page, "plan_download", () => ({
    commit: "a".repeat(40),
    files: 3,
    bytes: 9e9,
    filesHere: 0,
    bytesToFetch: 9e9,
    bytesSpace: 9e9,
    bytesFree: 4e9,
    volume: "/",
    requests: 5,
    folder: "/somewhere",
    conflicts: [],
    conflictsTotal: 0,
  }));
  await page.goto(demo.at(REPO));
  await page.getByRole("button", { name: "Download", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "Download" });
  await expect(sheet.getByRole("alert")).toContainText("Not enough room: 9.0 GB are needed and 4.0 GB are free.");
  await expect(sheet.getByRole("button", { name: "Download" })).toBeDisabled();
});

test("a choice that cannot be kept is not shown as chosen", async ({ page, demo }) => {
  await page.goto(demo.at("/settings"));
  const mend = await refuse(page, "save_settings", error("notWritable", "The settings cannot be written."));
  const [system, dark] = [page.getByRole("radio", { name: "System" }), page.getByRole("radio", { name: "Dark" })];
  // `check` would wait for what must not stay.
  await dark.click();
  await expect(page.getByRole("alert")).toContainText("cannot be written");
  await expect(system).toBeChecked();
  await expect(dark).not.toBeChecked();
  await mend();
  await dark.click();
  await expect(dark).toBeChecked();
  await expect(page.getByRole("alert")).toBeHidden();
});

test("the colours follow the system until one is chosen, and the choice is kept", async ({ page, demo }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: "light" });
  await openScreen(page, "Settings");
  await expect(page.getByRole("radio", { name: "System" })).toBeChecked();
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(ground).not.toBe(light);
  await page.getByRole("radio", { name: "Light" }).check();
  await expect.poll(ground).toBe(light);
  await page.goto(demo.at("/settings"));
  await expect(page.getByRole("radio", { name: "Light" })).toBeChecked();
  await expect.poll(ground).toBe(light);
});
