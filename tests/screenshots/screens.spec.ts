import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../browser/fixtures";
import { acts, limitMs, play } from "../browser/scenes";

const FOLDER = join(import.meta.dirname, "../results/pictures");

for (const [name, act] of Object.entries(acts)) {
  test(`${name}, light and dark`, async ({ page, stage }) => {
    test.setTimeout(limitMs(act));
    mkdirSync(FOLDER, { recursive: true });
    await play(act, stage, async (scene) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(FOLDER, `${scene}-${colorScheme}.png`), caret: "initial" });
      }
    });
  });
}

test.describe("the picture of the README", () => {
  test.use({ viewport: { width: 1200, height: 800 } });

  test("shows the files of a repository of the demo", async ({ page, demo }) => {
    mkdirSync(FOLDER, { recursive: true });
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(demo.at("/models/paperbird/sketch-diffusion-small?tab=files"));
    const file = (name: RegExp) => page.getByRole("treeitem", { name });
    for (const name of [/^README/, /^model_index/, /^scheduler/, /^scheduler_config/]) await file(name).click();
    await page.getByRole("button", { name: "Download ticked files" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Download" }).click();
    await expect(file(/^README/)).toContainText("on disk");
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Untick all" }).click();
    await file(/^unet/).click();
    await file(/^diffusion_pytorch_model/).click();
    await page.getByRole("heading", { level: 1 }).hover();
    await page.screenshot({ path: join(FOLDER, "readme.png"), caret: "initial" });
  });
});
