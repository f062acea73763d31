import { expect, test, type Page } from "./fixtures";
import { answer } from "./rpc";
import * as people from "./scenes/people";
import { SETTINGS } from "./scenes/transfer-settings";

test("on the welcome page the keys go from signing in to what needs no account", async ({ page, startApp }) => {
  const app = await startApp({ HF_ENDPOINT: "http://127.0.0.1:1" });
  await answer(page, "accounts", () => people.tools);
  await page.goto(app.at("/welcome"));
  await expect(page.getByRole("button", { name: "Use another device" })).toBeVisible();
  const choices = [
    "Use the token of HF_TOKEN",
    "Use the sign-in of hf on this computer",
    "Choose among the tokens of hf on this computer",
    "Look around without signing in",
    "Try the demo Hub",
    "Settings",
  ];
  const ways = ["Sign in with the browser", "Use another device", "Sign in with a token"];
  expect(await tabbed(page, ways.length + choices.length)).toEqual([...ways, ...choices]);

  await page.getByRole("button", { name: "Sign in with a token" }).press("Enter");
  expect(await tabbed(page, 4)).toEqual(["Address of the Hub", "Token", "Check the token", choices[0]]);
});

test("an attempt is read in the order of its page, and ended from its end", async ({ page, startApp }) => {
  const app = await startApp({ HF_ENDPOINT: "http://127.0.0.1:1" });
  await answer(page, "accounts", people.device);
  await page.goto(app.at("/welcome"));
  await expect(page.getByRole("region", { name: "Sign in" }).getByRole("status").first()).toContainText("this code");
  expect(await tabbed(page, 5)).toEqual([
    "Copy the code",
    "Open the page here",
    "Copy the link",
    "Cancel",
    "Look around without signing in",
  ]);
});

test("in the settings the keys go account by account, then through Hub and network", async ({ page, demo }) => {
  await answer(page, "accounts", () => people.crowd);
  await answer(page, "settings", () => ({
    ...SETTINGS,
    proxy: "manual",
    proxyAddress: "http://proxy.example:3128",
  }));
  await page.goto(demo.at("/settings"));
  await expect(page.getByRole("article", { name: "Mira Holm" })).toBeVisible();
  await expect(page.getByLabel("Address of the proxy")).toBeVisible();
  const sharing = ["Share this sign-in with the command-line tools", "Use this sign-in for git"];
  const order = [
    ...[...sharing, "Sign out…"],
    ...[...sharing, "Switch to it", "Sign out…"],
    "Add an account…",
    ...["Address of the Hub", "Save", "Close this Hub"],
    ...["This one", "Address of the proxy", "Certificates to trust as well", "Apply", "Test connection"],
    ...["Transfers at once", "Downloads", "Unit of: Downloads", "Uploads", "Unit of: Uploads", "Add a time", "Apply limits"],
    ...["Memory for Xet", "Let the Xet library report", "Notify me", "Go on in the tray"],
    ...["System", "Copy the path of the cache"],
  ];
  expect(await tabbed(page, order.length)).toEqual(order);
});

test("whoever has to sign in again meets the way there first", async ({ page, demo }) => {
  const account = { ...people.mira, needsSignIn: "unreadable" } as const;
  await answer(page, "accounts", () => ({ ...people.nobody, accounts: [account], keychain: people.locked }));
  await page.goto(demo.at("/library"));
  const prompt = page.getByRole("region", { name: "Sign in again" });
  await expect(prompt.getByRole("status")).toContainText("Unlock the keychain of your desktop");
  expect(await tabbed(page, 2)).toEqual(["Try the keychain again", "Sign in again"]);

  const tried = page.waitForRequest("**/rpc/retry_keychain");
  await prompt.getByRole("button", { name: "Try the keychain again" }).press("Enter");
  await tried;
});

/** The names of the controls that get the keys, one Tab after the other, from the beginning of the screen. */
async function tabbed(page: Page, times: number): Promise<string[]> {
  const within = await page.getByRole("main").evaluate((main) => main.contains(document.activeElement));
  if (!within) await page.getByRole("main").focus();
  const names: string[] = [];
  for (let pressed = 0; pressed < times; pressed += 1) {
    await page.keyboard.press("Tab");
    names.push(await page.evaluate(nameOfFocused));
  }
  return names;
}

/** What a screen reader calls the control that has the keys. Runs in the page. */
function nameOfFocused(): string {
  const focused = document.activeElement;
  const labelledBy = focused?.getAttribute("aria-labelledby");
  const label = focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement ? focused.labels?.[0] : undefined;
  const by = labelledBy ? document.getElementById(labelledBy) : label;
  return focused?.getAttribute("aria-label") ?? (by ?? focused)?.textContent?.trim() ?? "";
}
