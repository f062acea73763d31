import { expect, test } from "./fixtures";
import { answer } from "./rpc";
import { asNewModel, folder, sheetOf } from "./upload";

/** No list draws more rows than this. */
const DRAWN = 200;
const FILES = 100_000;
const REPOS = 5_000;
const PAGE = 100;

test("a repository of 100,000 files opens, scrolls to its end and is ticked at once", async ({ page, demo }) => {
  const files = Array.from({ length: FILES }, (_, index) => ({
    path: `part-${String(index).padStart(6, "0")}.parquet`,
    bytes: 1000,
    isLarge: true,
    isHere: false,
    problem: null,
  }));
  await answer(page, "repo_files", () => ({ commit: "a".repeat(40), files, bytes: FILES * 1000 }));
  await page.goto(demo.at("/datasets/north-sea-data/harbour-logs?tab=files"));
  const tree = page.getByRole("tree", { name: "Files" });
  const rows = page.getByRole("treeitem");
  await expect(rows.first()).toContainText("part-000000");
  expect(await rows.count()).toBeLessThanOrEqual(DRAWN);

  await tree.press("End");
  await expect(page.getByRole("treeitem", { name: /^part-099999/ })).toBeInViewport();
  expect(await rows.count()).toBeLessThanOrEqual(DRAWN);
  await tree.press("PageUp");
  await tree.press("Home");
  await expect(page.getByRole("treeitem", { name: /^part-000000/ })).toBeInViewport();

  const took = await page.getByRole("button", { name: "Tick all", exact: true }).evaluate(async (button) => {
    const start = performance.now();
    (button as HTMLElement).click();
    await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
    return performance.now() - start;
  });
  await expect(page.getByText("100,000 files ticked, 100 MB")).toBeVisible();
  expect(took).toBeLessThan(1000);
});

test("a list of 5,000 repositories grows page by page to its end", async ({ page, demo }) => {
  const asked: (string | null)[] = [];
  await answer(page, "repo_list", ({ kind, cursor }) => {
    asked.push(cursor);
    const first = Number(cursor ?? 0);
    const repos = Array.from({ length: PAGE }, (_, index) => ({
      repo: { kind, name: `somebody/model-${String(first + index).padStart(4, "0")}` },
      task: "text-generation",
      library: "transformers",
      likes: 1,
      downloads: 2,
      updated: null,
      isGated: false,
      isPrivate: false,
      isHere: false,
    }));
    return { repos, next: first + PAGE < REPOS ? String(first + PAGE) : null };
  });
  await page.goto(demo.at("/models"));
  const list = page.getByRole("list", { name: "Models" });
  const links = list.getByRole("link");
  await expect(links.first()).toContainText("model-0000");
  expect(asked.length).toBeLessThan(5);

  // Down to the end of what there is, each time there is more.
  await list.evaluate((element) => {
    const scroller = element.parentElement?.parentElement;
    const down = () => scroller?.scrollTo(0, scroller.scrollHeight);
    new MutationObserver(down).observe(element, { subtree: true, childList: true });
    down();
  });
  await expect(list.getByRole("link", { name: /model-4999/ })).toBeInViewport({ timeout: 15_000 });
  expect(await links.count()).toBeLessThanOrEqual(DRAWN);
  expect(asked).toHaveLength(REPOS / PAGE);
  expect(new Set(asked).size).toBe(REPOS / PAGE);
});

test("what becomes of 100,000 files is scrolled through at once, and read page by page", async ({ page, demo }) => {
  const asked: number[] = [];
  const fate = "new" as const;
  await answer(page, "start_preview", () => 1);
  await answer(page, "upload_preview", () => ({
    type: "ready",
    plan: {
      base: null,
      counts: [{ fate, files: FILES, bytes: FILES * 1000 }],
      filesToSend: FILES,
      bytesToSend: FILES * 1000,
      commits: 101,
      findings: [],
      findingsTotal: 0,
    },
  }));
  await answer(page, "preview_files", ({ after, limit }) => {
    asked.push(after);
    const files = Array.from({ length: Math.min(limit, FILES - after) }, (_, index) => ({
      path: `part-${String(after + index).padStart(6, "0")}.parquet`,
      bytes: 1000,
      fate,
      isLarge: true,
      why: null,
    }));
    return { files, total: FILES };
  });
  await demo.drop(folder(demo, "run"));
  await asNewModel(page, "large");
  const list = sheetOf(page).getByRole("list", { name: "What becomes of each file" });
  const rows = list.getByRole("listitem");
  await expect(rows.first()).toContainText("part-000000");
  await expect(sheetOf(page).getByText("100,000 files, 100 MB")).toBeVisible();
  await list.press("End");
  await expect(rows.last()).toContainText("part-099999");
  expect(await rows.count()).toBeLessThanOrEqual(DRAWN);
  expect(asked.length, "what nobody looks at is not asked for").toBeLessThan(20);
});
