import type { LimitWindow, Settings } from "../../../ui/src/lib/api/bindings";
import { expect, type App, type Page } from "../fixtures";
import { answer, error, refuse } from "../rpc";
import type { Act } from "./act";
import { inDemo } from "./discover";

export const SETTINGS: Settings = {
  endpoint: "https://hub.example",
  appearance: "system",
  proxy: "system",
  proxyAddress: "",
  certificates: "",
  transfers: {
    atOnce: 3,
    downloadLimit: null,
    uploadLimit: null,
    schedule: [],
    xetMemoryMiB: 128,
    mayReportXet: false,
    notify: true,
    inTray: false,
  },
};

const night: LimitWindow = { days: [1, 2, 3, 4, 5], from: "22:00", to: "06:00", downloadLimit: null, uploadLimit: null };
const office: LimitWindow = { days: [1, 3, 5], from: "09:00", to: "17:00", downloadLimit: 2e6, uploadLimit: 512_000 };

const region = (page: Page) => page.getByRole("region", { name: "Transfers" });

const shown = async (page: Page, app: App, transfers: Partial<Settings["transfers"]> = {}) => {
  await answer(page, "settings", () => ({ ...SETTINGS, transfers: { ...SETTINGS.transfers, ...transfers } }));
  await page.goto(app.at("/settings"));
  await region(page).evaluate((element) => {
    const main = element.closest("main");
    main?.scrollTo(0, element.getBoundingClientRect().top - main.getBoundingClientRect().top);
  });
};

/** How transfers are set up. */
export const transferSettings: Act = {
  open: inDemo,
  scenes: {
    "transfer-settings": (page, app) => shown(page, app),
    "transfer-settings-schedule": (page, app) =>
      shown(page, app, { downloadLimit: 5e6, uploadLimit: 1e6, schedule: [night, office] }),
    "transfer-settings-wrong": async (page, app) => {
      await shown(page, app, { schedule: [office] });
      await region(page).getByLabel("Downloads", { exact: true }).fill("much");
      for (const day of ["Monday", "Wednesday", "Friday"]) {
        await region(page).getByRole("button", { name: day }).click();
      }
      await expect(region(page).getByText("Choose at least one day.")).toBeVisible();
    },
    "transfer-settings-refused": async (page, app) => {
      await refuse(page, "save_settings", error("notWritable", "The settings cannot be written.", "Check the folder."));
      await shown(page, app);
      await region(page).getByRole("switch", { name: "Notify me" }).click();
      await expect(region(page).getByRole("alert")).toContainText("cannot be written");
      await region(page).getByRole("alert").scrollIntoViewIfNeeded();
    },
  },
};
