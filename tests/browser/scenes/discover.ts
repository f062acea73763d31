import { expect, openDemo, type App, type Page, type Stage } from "../fixtures";
import { answer, error, hold, refuse } from "../rpc";
import type { Act } from "./act";

export async function inDemo({ page, startApp }: Stage): Promise<App> {
  const app = await startApp();
  await page.goto(app.url);
  await openDemo(page);
  return app;
}

const list = (kind: string) => async (page: Page, app: App) => {
  await page.goto(app.at(`/${kind.toLowerCase()}`));
  await expect(page.getByRole("list", { name: kind }).getByRole("link").first()).toBeVisible();
};

/** The list, with data, empty, loading and failing. */
export const discover: Act = {
  open: inDemo,
  scenes: {
    "discover-models": list("Models"),
    "discover-datasets": list("Datasets"),
    "discover-spaces": list("Spaces"),
    "discover-found": async (page, app) => {
      await page.goto(app.at("/models?search=polaris"));
      await expect(page.getByRole("list", { name: "Models" }).getByRole("link")).toHaveCount(3);
    },
    "discover-nothing-found": async (page, app) => {
      await page.goto(app.at("/models?search=nothing-is-called-this"));
      await expect(page.getByRole("heading", { name: /^No models named/ })).toBeVisible();
    },
    "discover-empty-hub": async (page, app) => {
      await answer(page, "repo_list", () => ({ repos: [], next: null }));
      await page.goto(app.at("/models"));
      await expect(page.getByRole("heading", { name: "No models here" })).toBeVisible();
    },
    "discover-loading": async (page, app) => {
      await hold(page, "repo_list");
      await page.goto(app.at("/models"));
      await expect(page.getByText("Reading the list from the Hub…")).toBeVisible();
    },
    "discover-error": async (page, app) => {
      const fault = error("rateLimited", "The Hub has had too many requests and asks to wait 40 seconds.");
      await refuse(page, "repo_list", { ...fault, hint: "Wait and try again. Signed-in accounts may ask more often." });
      await page.goto(app.at("/models"));
      await expect(page.getByRole("alert")).toContainText("asks us to slow down");
    },
    "discover-signed-out": async (page, app) => {
      const fault = error("signedOut", "The token is missing, wrong or expired.");
      await refuse(page, "repo_list", { ...fault, hint: "Sign in again, or look around without an account." });
      await page.goto(app.at("/models"));
      await expect(page.getByRole("alert")).toContainText("Sign in to see this");
    },
    "discover-long-names": async (page, app) => {
      const name = `${"a-rather-long-organisation-name".repeat(2)}/${"an-even-longer-model-name-".repeat(3)}v2`;
      const row = { task: "automatic-speech-recognition", library: "sentence-transformers", likes: 123_456 };
      const more = { downloads: 987_654_321, updated: "2025-01-02T03:04:05.000Z" };
      const marks = { isGated: true, isPrivate: true, isHere: true };
      const repo = { kind: "model", name } as const;
      await answer(page, "repo_list", () => ({ repos: [{ repo, ...row, ...more, ...marks }], next: null }));
      await page.goto(app.at("/models"));
      await expect(page.getByRole("link", { name })).toBeVisible();
    },
    "discover-rest-missing": async (page, app) => {
      await page.route("**/rpc/repo_list", async (route) => {
        if (route.request().postData()?.includes('"cursor":null')) {
          const first = await route.fetch();
          const reply = (await first.json()) as { answer: object };
          await route.fulfill({ response: first, json: { ...reply, answer: { ...reply.answer, next: "more" } } });
        } else {
          await route.fulfill({ status: 400, json: error("hubDown", "hub.example is in trouble (status 502).") });
        }
      });
      await page.goto(app.at("/models"));
      await expect(page.getByText("The rest of the list could not be read")).toBeVisible();
    },
  },
};
