import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, lookAround, test } from "./fixtures";
import { openFiles, openRepo, openWelcome, signIn, startDownload, typeToken } from "./steps";

const PRIVATE = "demo/my-first-adapter";

test("a person without an account looks around another Hub and downloads", async ({ page, openHub }) => {
  const { hub } = await openHub();
  const host = new URL(hub.endpoint).host;
  await expect(page.getByText(`Everything public on ${host}`)).toBeVisible();
  await lookAround(page);
  await expect(page.getByRole("button", { name: `Account: Not signed in, ${host}` })).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Demo Hub" })).toBeHidden();
  await expect(page.getByRole("link", { name: PRIVATE })).toBeHidden();

  await openRepo(page, "aurora-lab/polaris-base");
  await startDownload(page);
  await expect(page.getByRole("article").getByText("Done", { exact: true })).toBeVisible();
});

test("the token is sent once and never seen again", async ({ page, startApp, startHub }) => {
  const hub = await startHub();
  const app = await startApp({ HF_ENDPOINT: hub.endpoint });
  const sent: string[] = [];
  const received: Promise<string>[] = [];
  page.on("request", (request) => {
    const all = [request.url(), JSON.stringify(request.headers()), request.postData() ?? ""].join("\n");
    if (all.includes(hub.token)) sent.push(new URL(request.url()).pathname);
  });
  page.on("response", (response) => {
    if (response.url().includes("/rpc/")) received.push(response.text());
  });
  await page.goto(app.url);
  await signIn(page, hub.token);
  await expect(page.getByRole("button", { name: /^Account: demo, 127/ })).toBeVisible();
  await openRepo(page, PRIVATE);
  await expect(page.getByText("Private", { exact: true })).toBeVisible();
  await startDownload(page);
  await expect(page.getByRole("article").getByText("Done", { exact: true })).toBeVisible();

  expect(sent).toEqual(["/rpc/check_token"]);
  expect((await Promise.all(received)).filter((body) => body.includes(hub.token))).toEqual([]);
  await openWelcome(page);
  await page.getByRole("button", { name: "Sign in with a token" }).click();
  await expect(page.getByLabel("Token", { exact: true })).toHaveValue("");
  const kept = await page.evaluate(() =>
    [document.documentElement.outerHTML, ...Object.values(sessionStorage), ...Object.values(localStorage)].join("\n"),
  );
  expect(kept).not.toContain(hub.token);
  expect(filesOf(app.home).filter((path) => readFileSync(path).includes(hub.token))).toEqual([]);
});

test("a wrong token is refused in words, and the right one is taken after it", async ({ page, openHub }) => {
  const { hub } = await openHub();
  await typeToken(page, "hf_mistyped");
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The token could not be checked");
  await expect(alert).toContainText("The token is missing, wrong or expired.");
  await page.getByLabel("Token", { exact: true }).fill(hub.token);
  await page.getByRole("button", { name: "Check the token" }).click();
  await page.getByRole("button", { name: "Sign in as demo" }).click();
  await expect(page.getByRole("button", { name: /^Account: demo/ })).toBeVisible();
});

test("a private repository is not found without an account", async ({ page, openHub }) => {
  await openHub();
  await lookAround(page);
  const box = page.getByRole("searchbox", { name: "Search the Hub, or open owner/name" });
  await box.fill(PRIVATE);
  await box.press("Enter");
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Not found");
  await expect(alert).toContainText(`There is no model ${PRIVATE}, or it is private.`);
  await alert.getByRole("button", { name: "Go to Discover" }).click();
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
});

test("a Hub that cannot be reached is named, and is found when it is back", async ({ page, startApp, startHub }) => {
  const hub = await startHub();
  await hub.stop();
  const app = await startApp({ HF_ENDPOINT: hub.endpoint });
  await page.goto(app.url);
  await page.getByRole("button", { name: "Look around without signing in" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The Hub cannot be reached");
  await expect(page.getByText("What was read before is still shown")).toBeVisible();
  await expect(page.getByRole("contentinfo")).toContainText("Offline");

  await startHub("--port", new URL(hub.endpoint).port);
  const models = page.getByRole("list", { name: "Models" });
  const again = alert.getByRole("button", { name: "Try again" });
  // It looks by itself, too, and the button is gone when that comes first.
  await Promise.race([again.click().catch(() => undefined), models.waitFor()]);
  await expect(models).toBeVisible();
  await expect(page.getByRole("contentinfo")).toContainText("Online");
  await openRepo(page, "aurora-lab/polaris-base");
  await openFiles(page);
});

function filesOf(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths.map((path) => join(folder, path)).filter((path) => statSync(path).isFile());
}
