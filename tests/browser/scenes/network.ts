import type { Check } from "../../../ui/src/lib/api/bindings";
import { expect, type App, type Page } from "../fixtures";
import { answer, error, hold, refuse } from "../rpc";
import type { Act } from "./act";
import { inDemo } from "./discover";

const network = (page: Page) => page.getByRole("region", { name: "Network" });

const shown = async (page: Page, app: App) => {
  await page.goto(app.at("/settings"));
  await network(page).getByRole("button", { name: "Test connection" }).scrollIntoViewIfNeeded();
};

const manual = async (page: Page, app: App) => {
  await shown(page, app);
  await network(page).getByLabel("This one").check();
  await network(page).getByLabel("Address of the proxy").fill("http://mira:secret@proxy.example:3128");
};

const apply = async (page: Page) => {
  await network(page).getByRole("button", { name: "Apply" }).click();
};

const test = async (page: Page, app: App) => {
  await shown(page, app);
  await network(page).getByRole("button", { name: "Test connection" }).click();
};

const works: Check[] = [
  { what: "api", host: "hub.example", state: "works", words: "It answers.", ms: 84 },
  { what: "storage", host: "cdn.hub.example", state: "works", words: "It answers.", ms: 131 },
  { what: "xet", host: "cas.hub.example", state: "works", words: "It answers.", ms: 97 },
];

const fails: Check[] = [
  { what: "api", host: "hub.example", state: "works", words: "It answers.", ms: 84 },
  {
    what: "storage",
    host: `${"a-rather-long-name-of-a-host".repeat(3)}.example`,
    state: "fails",
    words:
      "Its certificate is not trusted. If your network opens encrypted connections, name its certificates above.",
    ms: 2104,
  },
  { what: "xet", host: "", state: "skipped", words: "It is named by the Hub only to somebody who is signed in.", ms: null },
];

/** How the network is set up and tried. */
export const networks: Act = {
  open: inDemo,
  scenes: {
    "network-settings": shown,
    "network-proxy": manual,
    "network-applied": async (page, app) => {
      await answer(page, "save_settings", (settings) => ({ ...settings, proxyAddress: "http://proxy.example:3128" }));
      await manual(page, app);
      await apply(page);
      await expect(page.getByText("In force from now on")).toBeVisible();
    },
    "network-refused": async (page, app) => {
      const hint = "Give the path of a PEM file, or leave it empty.";
      await refuse(page, "save_settings", error("badInput", "There are no certificates in /etc/ssl/company.pem.", hint));
      await shown(page, app);
      await network(page).getByLabel("Certificates to trust as well").fill("/etc/ssl/company.pem");
      await apply(page);
      await expect(network(page).getByRole("alert")).toContainText("no certificates");
    },
    "network-testing": async (page, app) => {
      await hold(page, "test_connection");
      await test(page, app);
      await expect(page.getByText("Trying each host…")).toBeVisible();
    },
    "network-works": async (page, app) => {
      await answer(page, "test_connection", () => ({ checks: works }));
      await test(page, app);
      await expect(page.getByText("Xet storage: Works")).toBeVisible();
    },
    "network-fails": async (page, app) => {
      await answer(page, "test_connection", () => ({ checks: fails }));
      await test(page, app);
      await page.getByText("Xet storage: Not tried").scrollIntoViewIfNeeded();
    },
  },
};
