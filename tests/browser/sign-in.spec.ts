import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, lookAround, test } from "./fixtures";
import { pretend } from "./rpc";
import {
  decideForDevice,
  decideInBrowser,
  openedLink,
  openRepo,
  openScreen,
  openWelcome,
  signIn,
  typeToken,
} from "./steps";

const PRIVATE = "demo/my-first-adapter";

test("a token is reported on before it is kept, and can be given up", async ({ page, openHub }) => {
  const { hub } = await openHub();
  await typeToken(page, hub.token);
  const report = page.getByRole("main");
  await expect(report.getByRole("heading", { name: /^This is / })).toBeFocused();
  await expect(report.getByRole("definition").first()).toHaveText("demo");
  await report.getByRole("button", { name: "Use another" }).click();
  await expect(page.getByLabel("Token", { exact: true })).toHaveValue("");
  await expect(page.getByRole("heading", { name: "Welcome to Hubdesk" })).toBeVisible();

  await signIn(page, hub.token);
  await expect(page.getByRole("button", { name: /^Account: demo, 127/ })).toBeVisible();
  await expect(page.getByRole("link", { name: new RegExp(`^${PRIVATE} `) })).toBeVisible();
});

test("a browser signs in, and the window goes on by itself", async ({ page, openHub }) => {
  const { app } = await openHub();
  await page.getByRole("button", { name: "Sign in with the browser" }).click();
  await expect(page.getByText(/^Your browser shows a page of/)).toBeVisible();
  await expect(page.getByText(/^Waiting, \d+ min left$/)).toBeVisible();
  await decideInBrowser(await openedLink(app), true);
  await expect(page.getByRole("button", { name: /^Account: demo, 127/ })).toBeVisible();
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
});

test("whoever says no in the browser is told so and can try again", async ({ page, openHub }) => {
  const { app } = await openHub((hub) => ({ HF_TOKEN: hub.token }));
  await page.getByRole("button", { name: "Sign in with the browser" }).click();
  await decideInBrowser(await openedLink(app), false);
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Signing in did not work");
  await expect(page.getByRole("button", { name: "Use the token of HF_TOKEN" })).toBeVisible();
  await alert.getByRole("button", { name: "Try again" }).click();
  await decideInBrowser(await openedLink(app, 1), true);
  await expect(page.getByRole("button", { name: /^Account: demo, 127/ })).toBeVisible();
});

test("a code signs in from another device", async ({ page, openHub, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { app, hub } = await openHub();
  await page.getByRole("button", { name: "Use another device" }).click();
  await page.getByRole("button", { name: "Copy the code" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Copied" })).toHaveCount(1);
  const code = await page.evaluate(() => navigator.clipboard.readText());
  await expect(page.getByText(code, { exact: true })).toBeVisible();
  await expect(page.getByRole("img", { name: /^QR code of http/ })).toBeVisible();
  await page.getByRole("button", { name: "Open the page here" }).click();
  expect(await openedLink(app)).toContain("/oauth/device");
  await decideForDevice(hub, code, true);
  await expect(page.getByRole("button", { name: /^Account: demo, 127/ })).toBeVisible({ timeout: 15_000 });
});

test("an attempt that is given up leaves the choices as they were", async ({ page, openHub }) => {
  await openHub();
  await page.getByRole("button", { name: "Use another device" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Use another device" })).toBeVisible();
  await lookAround(page);
});

test("a Hub that does not know the program says so, and takes a token", async ({ page, openHub }) => {
  const { hub } = await openHub(() => ({ HUBDESK_OAUTH_CLIENT_ID: "" }));
  await expect(page.getByText(/a token always works/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in with the browser" })).toBeHidden();
  await signIn(page, hub.token);
  await expect(page.getByRole("button", { name: /^Account: demo/ })).toBeVisible();
});

test("one switches between accounts, the demo and nobody", async ({ page, startApp, startHub }) => {
  // Three Hubs are made for it.
  test.slow();
  const [first, second] = [await startHub(), await startHub()];
  const [here, there] = [new URL(first.endpoint).host, new URL(second.endpoint).host];
  const app = await startApp({ HF_ENDPOINT: first.endpoint });
  await page.goto(app.url);
  await signIn(page, first.token);
  await expect(page.getByRole("button", { name: `Account: demo, ${here}` })).toBeVisible();
  await openWelcome(page);
  await signIn(page, second.token, second.endpoint);
  await expect(page.getByRole("button", { name: `Account: demo, ${there}` })).toBeVisible();

  const choose = async (name: string | RegExp, becomes: string) => {
    await page.getByRole("button", { name: /^Account: / }).click();
    await page.getByRole("menuitemradio", { name }).click();
    await expect(page.getByRole("button", { name: `Account: ${becomes}` })).toBeVisible();
    await page.getByRole("button", { name: /^Account: / }).click();
    await expect(page.getByRole("menuitemradio", { name })).toBeChecked();
    await expect(page.getByRole("menuitemradio", { checked: true })).toHaveCount(1);
    await page.keyboard.press("Escape");
  };
  await choose(new RegExp(`^demo.*${here}`), `demo, ${here}`);
  await choose("Look around without signing in", `Not signed in, ${here}`);
  await expect(page.getByRole("link", { name: PRIVATE })).toBeHidden();
  await choose("Demo Hub", "demo, Demo Hub");
  await expect(page.getByRole("complementary", { name: "Demo Hub" })).toBeVisible();
  await choose(new RegExp(`^demo.*${there}`), `demo, ${there}`);
  await expect(page.getByRole("complementary", { name: "Demo Hub" })).toBeHidden();

  await openWelcome(page);
  await page.getByRole("button", { name: "Go on as demo" }).click();
  await expect(page.getByRole("button", { name: `Account: demo, ${here}` })).toBeVisible();
});

test("signing out says what goes and what stays, and then does it", async ({ page, openHub }) => {
  const { app, hub } = await openHub();
  await signIn(page, hub.token);
  await expect(page.getByRole("button", { name: /^Account: demo/ })).toBeVisible();
  await openScreen(page, "Settings");
  const account = page.getByRole("article", { name: "demo" });
  await account.getByRole("button", { name: "Sign out…" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign out" });
  await expect(dialog.getByRole("heading", { name: "What goes" })).toBeVisible();
  await expect(dialog.getByRole("list").last()).toContainText(app.cache);
  await dialog.getByRole("button", { name: "Stay signed in" }).click();
  await expect(account).toBeVisible();

  await account.getByRole("button", { name: "Sign out…" }).click();
  await dialog.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Nobody is signed in" })).toBeVisible();
});

test("sharing writes what the tools read, and takes it back", async ({ page, openHub }) => {
  const { app, hub } = await openHub();
  const file = join(app.home, "hf", "token");
  await signIn(page, hub.token);
  await expect(page.getByRole("button", { name: /^Account: demo/ })).toBeVisible();
  expect(existsSync(file)).toBe(false);
  await openScreen(page, "Settings");
  const share = page.getByRole("switch", { name: "Share this sign-in with the command-line tools" });
  await expect(share).not.toBeChecked();
  await share.click();
  await expect(share).toBeChecked();
  expect(readFileSync(file, "utf8").trim()).toBe(hub.token);
  await share.click();
  await expect(share).not.toBeChecked();
  expect(existsSync(file)).toBe(false);
});

test("a sign-in of the tools is used when one asks for it", async ({ page, openHub }) => {
  await openHub((hub) => ({ HF_TOKEN: hub.token }));
  await page.getByRole("button", { name: "Use the token of HF_TOKEN" }).click();
  await expect(page.getByRole("radio", { name: "Read it where it is, at each start" })).toBeChecked();
  await page.getByRole("button", { name: "Sign in as demo" }).click();
  await expect(page.getByRole("button", { name: /^Account: demo, 127/ })).toBeVisible();
  await openScreen(page, "Settings");
  await expect(page.getByRole("article", { name: "demo" })).toContainText("read there at each start");
});

test("without a keychain that is said, and sign-ins last until the program ends", async ({ page, openHub }) => {
  const { hub } = await openHub(() => ({}), "--keychain", "missing");
  await typeToken(page, hub.token);
  const note = page.getByRole("region", { name: /keychain/ });
  await expect(note).toContainText("until Hubdesk is closed");
  const tried = page.waitForResponse((answer) => answer.url().endsWith("/rpc/retry_keychain"));
  await note.getByRole("button", { name: "Try the keychain again" }).click();
  expect((await tried).ok()).toBe(true);
  await expect(note.getByRole("button", { name: "Try the keychain again" })).toBeEnabled();
  await page.getByRole("button", { name: "Sign in as demo" }).click();
  await expect(page.getByRole("button", { name: /^Account: demo/ })).toBeVisible();
  await openScreen(page, "Settings");
  await expect(page.getByRole("article", { name: "demo" })).toContainText("In memory, until Hubdesk ends");
});

test("a sign-in the Hub no longer takes is asked for once, and what waits for it goes on", async ({
  page,
  openHub,
  startHub,
}) => {
  // The Hub is made twice for it.
  test.slow();
  const { app, hub } = await openHub();
  await page.getByRole("button", { name: "Sign in with the browser" }).click();
  await decideInBrowser(await openedLink(app), true);
  await expect(page.getByRole("button", { name: /^Account: demo, 127/ })).toBeVisible();

  await openRepo(page, "aurora-lab/polaris-base");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  const start = page.getByRole("dialog", { name: "Download" }).getByRole("button", { name: "Download" });
  await expect(start).toBeEnabled();

  // The same Hub with another memory: it has never heard of the sign-in.
  await hub.stop();
  await startHub("--port", new URL(hub.endpoint).port);
  await start.click();
  await page.getByRole("region", { name: "Notices" }).getByRole("link", { name: "Show transfers" }).click();
  const prompt = page.getByRole("region", { name: "Sign in again" });
  await expect(prompt).toContainText("demo has to sign in again. The Hub no longer accepts this sign-in.");
  const transfer = page.getByRole("article", { name: "aurora-lab/polaris-base" });
  await expect(transfer.getByText("Somebody has to sign in")).toBeVisible();
  const refused = page.waitForResponse((answer) => answer.url().endsWith("/rpc/repo_list") && !answer.ok());
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Discover" }).click();
  await page.getByRole("link", { name: "Datasets" }).click();
  await refused;
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(prompt).toHaveCount(1);
  await openScreen(page, "Transfers");
  await transfer.getByRole("button", { name: "Sign in again" }).click();
  await expect(page.getByRole("heading", { name: "Welcome to Hubdesk" })).toBeVisible();
  await page.getByRole("button", { name: "Sign in with the browser" }).click();
  await decideInBrowser(await openedLink(app, 1), true);
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
  await expect(prompt).toBeHidden();
  await openScreen(page, "Transfers");
  await expect(transfer.getByText("Done", { exact: true })).toBeVisible();
});

test("while the keychain is asked, the settings and other Hubs are at hand", async ({ page, startApp }) => {
  const app = await startApp({ HF_ENDPOINT: "http://127.0.0.1:1" });
  await pretend(page, app, { isRestoring: true }, {});
  await page.goto(app.url);
  await expect(page.getByText("Asking the keychain who was signed in…")).toBeVisible();
  await expect(page.getByRole("button", { name: "Look around without signing in" })).toBeEnabled();
  await expect(page.getByRole("button", { name: "Try the demo Hub" })).toBeEnabled();
  await openScreen(page, "Settings");
  await expect(page.getByLabel("Address of the Hub")).toBeVisible();
});
