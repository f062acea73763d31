import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures";
import { pressUntil, tabTo } from "./keys";

test("the first journey needs no mouse", async ({ page, app }) => {
  const name = "aurora-lab/polaris-mini-chat";
  await tabTo(page, page.getByRole("button", { name: "Try the demo Hub" }));
  await page.keyboard.press("Enter");

  const models = page.getByRole("list", { name: "Models" });
  await tabTo(page, models.getByRole("link").first());
  const wanted = models.getByRole("link", { name: new RegExp(`^${name} `) });
  await pressUntil(page, "ArrowDown", wanted);
  await page.keyboard.press("Enter");

  await tabTo(page, page.getByRole("tab", { name: "Card" }));
  await page.keyboard.press("ArrowRight");
  const tree = page.getByRole("tree", { name: "Files" });
  await tabTo(page, tree);
  // Typing goes to the name.
  await page.keyboard.type("config");
  await page.keyboard.press("Space");
  await expect(page.getByRole("treeitem", { name: /^config\.json/ })).toBeChecked();
  await tabTo(page, page.getByRole("button", { name: "Download ticked files" }), "Shift+Tab");
  await page.keyboard.press("Enter");

  const sheet = page.getByRole("dialog", { name: "Download" });
  await expect(sheet.getByRole("button", { name: "Download" })).toBeEnabled();
  await tabTo(page, sheet.getByRole("button", { name: "Download" }));
  await page.keyboard.press("Enter");
  await expect(sheet).toBeHidden();

  await tabTo(page, page.getByRole("link", { name: "Show transfers" }).last());
  await page.keyboard.press("Enter");
  const transfer = page.getByRole("article", { name });
  await expect(transfer.getByText("Done", { exact: true })).toBeVisible();
  await tabTo(page, transfer.getByRole("button", { name: "Show in folder" }));
  await page.keyboard.press("Space");
  await expect.poll(() => app.opened()).toHaveLength(1);
  const [folder = ""] = await app.opened();
  expect(existsSync(join(folder, "config.json"))).toBe(true);
});

test("signing in, sharing and signing out need no mouse", async ({ page, openHub }) => {
  const { hub } = await openHub();
  await tabTo(page, page.getByRole("button", { name: "Use another device" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Cancel" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Sign in with a token" }));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByLabel("Token", { exact: true }));
  await page.keyboard.type(hub.token);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /^This is / })).toBeFocused();
  await tabTo(page, page.getByRole("button", { name: "Sign in as demo" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible();

  await tabTo(page, page.getByRole("button", { name: /^Account: demo, 127/ }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitemradio", { name: /^demo/ })).toBeChecked();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings#accounts$/);
  const share = page.getByRole("switch", { name: "Share this sign-in with the command-line tools" });
  await tabTo(page, share);
  await page.keyboard.press("Space");
  await expect(share).toBeChecked();
  await expect(share).toBeFocused();
  await tabTo(page, page.getByRole("button", { name: "Sign out…" }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Sign out" });
  await expect(dialog.getByRole("button", { name: "Sign out", exact: true })).toBeEnabled();
  await tabTo(page, dialog.getByRole("button", { name: "Sign out", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Nobody is signed in" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Accounts" })).toBeFocused();
});

test("closing a Hub leaves the keys where it was closed", async ({ page, demo }) => {
  await page.goto(demo.at("/settings"));
  await page.getByRole("button", { name: "Close this Hub" }).press("Enter");
  await expect(page.getByText("No Hub is open.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Hub", exact: true })).toBeFocused();
});

test("folders of the tree open, close and are ticked by keys", async ({ page, demo }) => {
  await page.goto(demo.at("/models/paperbird/sketch-diffusion-small?tab=files"));
  const folder = page.getByRole("treeitem", { name: /^unet/ });
  await tabTo(page, page.getByRole("tree", { name: "Files" }));
  await page.keyboard.type("une");
  await expect(folder).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowRight");
  await expect(folder).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await expect(page.getByRole("treeitem", { name: /^config\.json/ })).toBeChecked();
  await expect(folder).toHaveAttribute("aria-checked", "mixed");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(folder).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("Control+a");
  await expect(page.getByText(/^\d+ files ticked/)).toBeVisible();
  await page.keyboard.press("End");
  await expect(page.getByRole("treeitem").last()).toHaveAttribute("aria-selected", "true");
});

test("what opens over the screen closes with Escape and gives the keys back", async ({ page, demo }) => {
  await page.goto(demo.at("/models/aurora-lab/polaris-mini-chat"));
  for (const [opener, opened] of [
    [page.getByRole("button", { name: "Download", exact: true }), page.getByRole("dialog", { name: "Download" })],
    [page.getByRole("button", { name: /^Revision: / }), page.getByRole("dialog", { name: "Revision" })],
    [page.getByRole("button", { name: /^Account: / }), page.getByRole("menu")],
  ] as const) {
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect(opened).toBeVisible();
    await expect(opened.locator(":focus")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(opened).toBeHidden();
    await expect(opener).toBeFocused();
  }
});

test("a revision is chosen by typing a part of it", async ({ page, demo }) => {
  await page.goto(demo.at("/models/aurora-lab/polaris-mini-chat"));
  await tabTo(page, page.getByRole("button", { name: "Revision: main" }));
  await page.keyboard.press("Enter");
  await page.keyboard.type("longer");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Revision: longer-context" })).toBeVisible();
});

test("Ctrl+K leads to the box, which opens a repository by name", async ({ page, demo }) => {
  await page.goto(demo.at("/settings"));
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("aurora-lab/polaris-base");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "aurora-lab/polaris-base" })).toBeVisible();
});
