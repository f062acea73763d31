import { AxeBuilder } from "@axe-core/playwright";
import { expect, openDemo, test, type Page } from "./fixtures";
import { tooWide, unreachable } from "./layout";
import { acts, limitMs, play } from "./scenes";
import { openFiles, openRepo, startDownload } from "./steps";

/** The smallest window, and what is left of 1280 × 900 at 200 %. */
const SMALL = [
  { width: 900, height: 600 },
  { width: 640, height: 450 },
];

for (const [name, act] of Object.entries(acts)) {
  test(`axe finds nothing in ${name}, and no window is too small`, async ({ page, stage }) => {
    test.setTimeout(limitMs(act));
    const usual = page.viewportSize() ?? { width: 1280, height: 900 };
    await play(act, stage, async (scene) => {
      await page.emulateMedia({ colorScheme: "light" });
      expect.soft(await violations(page), `${scene}, light`).toEqual([]);
      // Only colours differ in the dark.
      await page.emulateMedia({ colorScheme: "dark" });
      expect.soft(await violations(page, "color-contrast"), `${scene}, dark`).toEqual([]);
      for (const size of SMALL) {
        await page.setViewportSize(size);
        expect.soft(await tooWide(page), `${scene} is wider than ${size.width}`).toEqual([]);
        expect.soft(await unreachable(page), `out of reach in ${scene} at ${size.width}`).toEqual([]);
      }
      await page.setViewportSize(usual);
    });
  });
}

test.describe("at 200 % zoom", () => {
  test.use({ viewport: { width: 640, height: 450 } });

  test("the first journey is the same", async ({ page, app }) => {
    await openDemo(page);
    await openRepo(page, "aurora-lab/polaris-base");
    await openFiles(page);
    await startDownload(page);
    await expect(page.getByRole("article").getByText("Done", { exact: true })).toBeVisible();
    expect(page.url()).toContain(app.origin);
  });
});

/** What axe finds, by all of its rules or by one. */
async function violations(page: Page, rule?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const found = await (rule ? axe.withRules(rule) : axe).analyze();
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id} (${help}): ${html}`));
}
