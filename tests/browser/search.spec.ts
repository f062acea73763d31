import { expect, test } from "./fixtures";
import { hold } from "./rpc";

test("an older answer never covers a newer one", async ({ page, demo }) => {
  await page.goto(demo.at("/models"));
  const field = page.getByRole("searchbox", { name: "Find models by name" });
  const list = page.getByRole("list", { name: "Models" });
  await expect(list).toBeVisible();

  const words = (text: string) => `"search":"${text}"`;
  const release = await hold(page, "repo_list", (request) => request.postData()?.includes(words("pol")) ?? false);
  const asked = page.waitForRequest((request) => request.postData()?.includes(words("pol")) ?? false);
  await field.pressSequentially("pol");
  const older = await asked;
  await field.press("ControlOrMeta+a");
  await field.pressSequentially("gull");
  await expect(list.getByRole("link")).toHaveText([/gull-embeddings/]);

  const shown = watch(list);
  release();
  expect((await older.response())?.ok()).toBe(true);
  await field.press("ControlOrMeta+a");
  await field.pressSequentially("pebble");
  await expect(list.getByRole("link")).toHaveText([/pebble-base/]);
  expect((await shown).filter((text) => text.includes("polaris"))).toEqual([]);

  /** Every name that is shown from now on until "pebble" is. */
  function watch(target: typeof list): Promise<string[]> {
    return target.page().evaluate(
      () =>
        new Promise((resolve) => {
          const seen: string[] = [];
          new MutationObserver(() => {
            const text = document.querySelector("[role=list]")?.textContent ?? "";
            seen.push(text);
            if (text.includes("pebble")) resolve(seen);
          }).observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
    );
  }
});

test("what was found stays on screen while something newer is looked for", async ({ page, demo }) => {
  await page.goto(demo.at("/models?search=polaris"));
  const list = page.getByRole("list", { name: "Models" });
  await expect(list.getByRole("link")).toHaveCount(3);
  const release = await hold(page, "repo_list");
  const asked = page.waitForRequest("**/rpc/repo_list");
  await page.getByRole("searchbox", { name: "Find models by name" }).fill("gull");
  await asked;
  await expect(list.getByRole("link")).toHaveCount(3);
  release();
  await expect(list.getByRole("link")).toHaveText([/gull-embeddings/]);
  await expect(page).toHaveURL(/\/models\?search=gull$/);
});

test("the way back leads to the words, the kind and the place", async ({ page, demo }) => {
  await page.goto(demo.at("/models"));
  await page.getByRole("link", { name: "Datasets" }).click();
  await page.getByRole("searchbox", { name: "Find datasets by name" }).fill("harbour");
  await expect(page).toHaveURL(/search=harbour$/);
  await page.getByRole("list", { name: "Datasets" }).getByRole("link", { name: /harbour/ }).click();
  await expect(page.getByRole("tab", { name: "Card" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("searchbox", { name: "Find datasets by name" })).toHaveValue("harbour");
  await expect(page.getByRole("list", { name: "Datasets" }).getByRole("link")).toHaveCount(1);
});

test("whoever opens a result before the typing pauses stays there", async ({ page, demo }) => {
  await page.goto(demo.at("/models"));
  const field = page.getByRole("searchbox", { name: "Find models by name" });
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
  await page.clock.install();
  await field.fill("gull");
  await page.getByRole("link", { name: /gull-embeddings/ }).click();
  await expect(page.getByRole("tab", { name: "Card" })).toBeVisible();
  await page.clock.runFor(1000);
  await expect(page).toHaveURL(/gull-embeddings$/);
});
