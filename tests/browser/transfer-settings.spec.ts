import type { Settings } from "../../ui/src/lib/api/bindings";
import { expect, test, type App, type Page } from "./fixtures";
import { answer, error, refuse } from "./rpc";
import { SETTINGS } from "./scenes/transfer-settings";

const section = (page: Page) => page.getByRole("region", { name: "Transfers" });

/** Opens the settings; gives what was saved. */
async function open(page: Page, app: App, transfers: Partial<Settings["transfers"]> = {}): Promise<Settings[]> {
  const saved: Settings[] = [];
  const kept = { ...SETTINGS, transfers: { ...SETTINGS.transfers, ...transfers } };
  await answer(page, "settings", () => saved.at(-1) ?? kept);
  await answer(page, "save_settings", (next) => (saved.push(next), next));
  await page.goto(app.at("/settings"));
  await expect(section(page)).toBeVisible();
  return saved;
}

test("how many at once, memory and switches are kept as soon as they are set", async ({ page, demo }) => {
  const saved = await open(page, demo);
  await section(page).getByLabel("Transfers at once").selectOption("6");
  await expect.poll(() => saved.at(-1)?.transfers.atOnce).toBe(6);
  await section(page).getByLabel("Memory for Xet").selectOption("256 MiB");
  await expect.poll(() => saved.at(-1)?.transfers).toMatchObject({ atOnce: 6, xetMemoryMiB: 256 });
  for (const [name, key] of [
    ["Let the Xet library report", "mayReportXet"],
    ["Notify me", "notify"],
    ["Go on in the tray", "inTray"],
  ] as const) {
    const before = SETTINGS.transfers[key];
    await section(page).getByRole("switch", { name }).click();
    await expect.poll(() => saved.at(-1)?.transfers[key]).toBe(!before);
    await expect(section(page).getByRole("switch", { name })).toHaveAttribute("aria-checked", String(!before));
  }
  expect(saved.at(-1)?.endpoint).toBe(SETTINGS.endpoint);
});

test("limits are typed with their units, and nonsense is not kept", async ({ page, demo }) => {
  const saved = await open(page, demo);
  const apply = section(page).getByRole("button", { name: "Apply limits" });
  const downloads = section(page).getByLabel("Downloads", { exact: true });
  await expect(apply).toBeDisabled();
  await downloads.fill("a lot");
  await expect(section(page).getByRole("alert")).toContainText("at least 1 kB/s");
  await expect(apply).toBeDisabled();
  await downloads.fill("100");
  await section(page).getByLabel("Unit of: Downloads").selectOption("Mbit/s");
  await apply.click();
  await expect(section(page).getByText("These limits hold from now on")).toBeVisible();
  expect(saved.at(-1)?.transfers).toMatchObject({ downloadLimit: 12_500_000, uploadLimit: null });
  await expect(downloads).toHaveValue("12.5");
});

test("a schedule is made, changed and taken away by keys", async ({ page, demo }) => {
  const saved = await open(page, demo);
  await section(page).getByRole("button", { name: "Add a time" }).press("Enter");
  const time = section(page).getByRole("group", { name: "Time 1" });
  await expect(time.getByRole("button", { name: "Monday" })).toBeFocused();
  await page.keyboard.press("Space");
  await expect(time.getByRole("button", { name: "Monday" })).toHaveAttribute("aria-pressed", "false");
  await time.getByLabel("From").fill("22:00");
  await time.getByLabel("to", { exact: true }).fill("06:00");
  await expect(time).toContainText("Tue–Fri, 22:00 to 06:00 of the next day: Down 2.0 MB/s, up 1.0 MB/s");
  await section(page).getByRole("button", { name: "Apply limits" }).press("Enter");
  await expect.poll(() => saved.at(-1)?.transfers.schedule).toEqual([
    { days: [2, 3, 4, 5], from: "22:00", to: "06:00", downloadLimit: 2e6, uploadLimit: 1e6 },
  ]);
  await time.getByRole("button", { name: "Remove time 1" }).press("Enter");
  await expect(section(page).getByRole("button", { name: "Add a time" })).toBeFocused();
  await section(page).getByRole("button", { name: "Apply limits" }).press("Enter");
  await expect.poll(() => saved.at(-1)?.transfers.schedule).toEqual([]);
});

test("what cannot be kept is said beside it", async ({ page, demo }) => {
  await open(page, demo);
  await refuse(page, "save_settings", error("notWritable", "The settings cannot be written."));
  await section(page).getByRole("switch", { name: "Notify me" }).click();
  await expect(section(page).getByRole("alert")).toContainText("The settings cannot be written.");
  await expect(section(page).getByRole("switch", { name: "Notify me" })).toHaveAttribute("aria-checked", "true");
});
