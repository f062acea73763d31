import { expect, lookAround, test } from "./fixtures";
import { sessionOf, tell } from "./rpc";
import { openedLink, openRepo, signIn } from "./steps";

const GATED = "willow-clinic/triage-notes-classifier";

test("a gate says what its authors want, and leads from nobody to somebody who has asked", async ({
  page,
  openHub,
}) => {
  const { app, hub } = await openHub();
  await lookAround(page);
  await openRepo(page, GATED);
  const gate = page.getByRole("region", { name: "Access for partners of the clinic" });
  await expect(gate).toContainText("Please tell us who you are.");
  await expect(gate.getByRole("listitem")).toHaveCount(3);
  await expect(page.getByRole("alert")).toBeHidden();
  await gate.getByRole("button", { name: "Sign in…" }).click();

  await signIn(page, hub.token);
  await openRepo(page, GATED);
  await expect(gate).toContainText("your user name and e-mail address");
  await gate.getByRole("button", { name: "Ask for access" }).press("Enter");
  expect(await openedLink(app)).toBe(`${hub.endpoint}/${GATED}`);
  await expect(gate).toContainText("We look every minute");
  await expect(gate.getByRole("button", { name: "Open the page" })).toBeFocused();
  await page.getByRole("tab", { name: "Files" }).click();
  await expect(gate).toContainText("We look every minute");
});

test("access that was given is told, and the repository opens from there", async ({ page, demo }) => {
  const { endpoint, account } = await sessionOf(demo);
  const toast = { kind: "accessGranted", repo: { kind: "model", name: GATED }, endpoint, account } as const;
  await tell(page, demo, { type: "toast", toast });
  await page.goto(demo.at("/settings"));
  const notices = page.getByRole("region", { name: "Notices" });
  await expect(notices).toContainText(`You have been given access to ${GATED}.`);
  await notices.getByRole("link", { name: "Open it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: GATED })).toBeVisible();
});

test("coming back to the window is told, so that what waits is looked at", async ({ page, demo }) => {
  await page.goto(demo.at("/settings"));
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  const told = page.waitForResponse((answer) => answer.url().endsWith("/rpc/window_focused"));
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  expect((await told).ok()).toBe(true);
});
