import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig } from "@playwright/test";

/** Names of the system's Chromium, best first; `.ci/system-packages` looks for the same ones. */
const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome"];

function chromium(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of CHROMIUM_NAMES) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const program = join(folder, name);
      try {
        accessSync(program, constants.X_OK);
        return program;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error(
    "The browser tests need Chromium (Debian: apt-get install chromium). Is it elsewhere? Name it in CHROMIUM.",
  );
}

export default defineConfig({
  timeout: 30_000,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  reporter: "list",
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    {
      name: "browser",
      testDir: "browser",
      outputDir: "results/browser",
      use: { launchOptions: launchOptions() },
    },
    {
      // These drive the real window through WebDriver; Playwright only runs them.
      name: "desktop",
      testDir: "desktop",
      outputDir: "results/desktop",
      workers: 1,
      timeout: 120_000,
      // A debug build on a busy machine is slow.
      expect: { timeout: 30_000 },
    },
    {
      name: "screenshots",
      testDir: "screenshots",
      outputDir: "results/screenshots",
      use: { launchOptions: launchOptions() },
    },
  ],
});

function launchOptions() {
  return {
    executablePath: chromium(),
    // Neither its sandbox nor a large /dev/shm is to be had in containers; it opens only what these tests serve.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  };
}
