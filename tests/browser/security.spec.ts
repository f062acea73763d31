import { expect, test, type App, type Page } from "./fixtures";
import { answer } from "./rpc";
import { openFiles, openRepo, openScreen, startDownload } from "./steps";

// Every test fails when a page breaks the policy or asks anybody but its own server: see fixtures.ts.

test("the policy allows nothing from elsewhere and nothing inline", async ({ page, app }) => {
  const answer = await page.goto(app.url);
  const policy = (answer?.headers()["content-security-policy"] ?? "").split(";").map((part) => part.trim());
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("style-src 'self'");
  expect(policy.join()).not.toMatch(/unsafe|https?:|\*/);
});

test("the policy is in force: the browser refuses a script, a style and a request", async ({ browser, app }) => {
  // A page of its own, because the usual one takes these complaints for faults.
  const page = await browser.newPage();
  await page.goto(app.url);
  await expect(page.getByRole("heading", { name: "Welcome to Hubdesk" })).toBeVisible();
  const refused = await page.evaluateHandle(() => {
    const names = new Set<string>();
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => names.add(effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "document.body.remove()";
    const style = document.createElement("style");
    style.textContent = "body { display: none }";
    document.head.append(script, style);
    void fetch("http://127.0.0.1:1/").catch(() => undefined);
    return names;
  });
  await expect
    .poll(() => refused.evaluate((names) => [...names].toSorted()))
    .toEqual(["connect-src", "script-src-elem", "style-src-elem"]);
  await expect(page.getByRole("heading", { name: "Welcome to Hubdesk" })).toBeVisible();
  await page.close();
});

test("every screen of the journey keeps to the policy", async ({ page, demo }) => {
  await openRepo(page, "aurora-lab/polaris-base");
  await openFiles(page);
  await startDownload(page);
  await expect(page.getByText("Done", { exact: true })).toBeVisible();
  for (const name of ["Library", "Sync", "My repos", "Playground", "Settings", "Discover"]) {
    await openScreen(page, name);
  }
  expect(page.url()).toContain(demo.origin);
});

test("a link in a card opens outside, and the page stays", async ({ page, demo }) => {
  await openRepo(page, "aurora-lab/polaris-mini-chat");
  const before = page.url();
  const link = page.getByRole("tabpanel", { name: "Card" }).locator('a[href^="https://example.org/"]').first();
  const address = (await link.getAttribute("href")) ?? "";
  await link.click();
  await expect.poll(() => demo.opened()).toEqual([address]);
  // The middle button would open a second page.
  await link.click({ button: "middle" });
  await expect.poll(() => demo.opened()).toEqual([address, address]);
  await link.press("Enter");
  await expect.poll(() => demo.opened()).toHaveLength(3);
  expect(page.url()).toBe(before);
  expect(page.context().pages()).toHaveLength(1);
});

test("a link that is neither web nor mail opens nothing", async ({ page, demo }) => {
  const links = ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ssh://host", "vbscript:x"];
  // What Rust would take out; here it is let through, to see that it is harmless even then.
  const html = links.map((href, index) => `<p><a href="${href}">link ${index}</a></p>`).join("");
  await answer(page, "repo_card", () => ({ html, facts: [], isCut: false }));
  await openRepo(page, "aurora-lab/polaris-mini-chat");
  const before = page.url();
  for (const index of links.keys()) await page.getByRole("link", { name: `link ${index}` }).click();
  await opensOnly(page, demo, []);
  expect(page.url()).toBe(before);
});

test("the page asks nothing without the key", async ({ page, app }) => {
  const { origin } = app;
  await expect(page).not.toHaveURL(/key=/);
  const refused = await fetch(`${origin}/rpc/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "null",
  });
  expect(refused.status).toBe(403);
});

/** After a link that is known to arrive, nothing else has arrived before it. */
async function opensOnly(page: Page, app: App, expected: string[]): Promise<void> {
  await page.getByRole("button", { name: "Open on the web" }).click();
  await expect.poll(() => app.opened()).not.toEqual([]);
  expect((await app.opened()).slice(0, -1)).toEqual(expected);
}
