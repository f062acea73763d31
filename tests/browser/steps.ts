import { expect, type App, type Hub, type Page } from "./fixtures";

/** The demo's one model with a big file: 48 MiB. */
export const BIG = "north-sea-data/gull-embeddings";

/** From a list to a repository of it. */
export async function openRepo(page: Page, name: string): Promise<void> {
  await page.getByRole("listitem").getByRole("link", { name: new RegExp(`^${name} `) }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** From a repository's card to its files. */
export async function openFiles(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(page.getByRole("tree", { name: "Files" })).toBeVisible();
}

/** From a repository to its transfer, everything of it being downloaded. */
export async function startDownload(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await page.getByRole("dialog", { name: "Download" }).getByRole("button", { name: "Download" }).click();
  await page.getByRole("region", { name: "Notices" }).getByRole("link", { name: "Show transfers" }).click();
  await expect(page.getByRole("heading", { name: "Transfers" })).toBeVisible();
}

export async function openScreen(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** Asks on the welcome page whose token this is. */
export async function typeToken(page: Page, token: string, hub?: string): Promise<void> {
  const field = page.getByLabel("Token", { exact: true });
  if (!(await field.isVisible())) await page.getByRole("button", { name: "Sign in with a token" }).click();
  if (hub !== undefined) await page.getByLabel("Address of the Hub").fill(hub);
  await field.fill(token);
  await page.getByRole("button", { name: "Check the token" }).click();
}

/** Signs in on the welcome page, as the stand-in's one user. */
export async function signIn(page: Page, token: string, hub?: string): Promise<void> {
  await typeToken(page, token, hub);
  await page.getByRole("button", { name: "Sign in as demo" }).click();
}

/** From any screen with a frame to the welcome page. */
export async function openWelcome(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Account: / }).click();
  await page.getByRole("menuitem", { name: "Add an account…" }).click();
  await expect(page.getByRole("heading", { name: "Welcome to Hubdesk" })).toBeVisible();
}

/** Waits for a link that a desktop would have opened, and gives it. */
export async function openedLink(app: App, nth = 0): Promise<string> {
  await expect.poll(async () => (await app.opened()).length).toBeGreaterThan(nth);
  return (await app.opened())[nth] ?? "";
}

/** Says yes in the browser's place, or no, on the page that a browser was sent to; gives the page it ends at. */
export async function decideInBrowser(link: string, isAllowed: boolean): Promise<string> {
  const url = new URL(link);
  url.pathname += "/decide";
  url.searchParams.set("allow", String(isAllowed));
  const answer = await fetch(url);
  expect(answer.ok, `${url.origin} answers ${answer.status}`).toBe(true);
  return await answer.text();
}

/** Says yes, or no, on the page where a device's code is typed. */
export async function decideForDevice(hub: Hub, code: string, isAllowed: boolean): Promise<void> {
  const query = new URLSearchParams({ user_code: code, allow: String(isAllowed) });
  const answer = await fetch(`${hub.endpoint}/oauth/device/decide?${query}`);
  expect(answer.ok, `the Hub answers ${answer.status}`).toBe(true);
}
