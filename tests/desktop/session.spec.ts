import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Program } from "../browser/program.ts";
import { SlowLine } from "../browser/slow-line.ts";
import { Desktop } from "./desktop.ts";
import { Window } from "./window.ts";

/** The demo's one model with a big file: 48 MiB. */
const BIG = "north-sea-data/gull-embeddings";
const SMALL = "aurora-lab/polaris-mini-chat";
const GATED = "willow-clinic/triage-notes-classifier";

let desktop: Desktop;
let hub: Program;
let line: SlowLine;
let home: string;

test.beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hubdesk-home-"));
  desktop = await Desktop.start();
  hub = await Program.start("hubdesk-cli", ["hub", "serve"], { HOME: tmpdir() });
  const { endpoint = "", storage = "" } = hub.greeting;
  line = await new SlowLine({ endpoint, storage }).open();
});

test.afterEach(async () => {
  await line.close();
  await hub.stop();
  await desktop.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Opens the window on the desktop, does something in it, and sees to it that nothing of it is left. */
async function inWindow(work: (window: Window) => Promise<void>): Promise<void> {
  const window = await Window.open({ home, bus: desktop.bus, endpoint: line.endpoint });
  try {
    await window.click("button", "Look around without signing in");
    await window.see(SMALL);
    await work(window);
  } finally {
    await window.close();
  }
}

async function download(window: Window, name: string): Promise<void> {
  await window.click("link", "Discover");
  await window.click("link", name);
  await window.click("button", "Download");
  await window.clickIn("dialog", "button", "Download");
  await window.click("link", "Show transfers");
  await window.see(name);
}

test("a second start brings the window to the front and ends itself", async () => {
  await inWindow(async (window) => {
    await desktop.cover();
    expect(await desktop.window()).toMatchObject({ isOnTop: false, hasKeys: false });
    expect(await window.startAgain()).toBe(0);
    await expect.poll(() => desktop.window()).toEqual({ isShown: true, isOnTop: true, hasKeys: true });
    await window.see("Discover");
  });
});

test("a window without transfers closes when it is told to, and the program with it", async () => {
  await inWindow(async (window) => {
    await desktop.close();
    await window.ended();
  });
});

test("who closes the window while something runs may stay, go on without it, or quit and lose nothing", async () => {
  test.slow();
  line.bytesPerSecond = 256 << 10;
  await inWindow(async (window) => {
    await download(window, BIG);
    await window.see("Downloading");

    await desktop.close();
    await window.see("1 transfer is running.");
    await window.clickIn("dialog", "button", "Stay");
    await expect.poll(() => window.text()).not.toContain("Quit Hubdesk?");
    expect(await desktop.window()).toMatchObject({ isShown: true });

    await desktop.close();
    await window.leaveBy("dialog", "button", "Go on in the background");
    await expect.poll(() => desktop.window()).toMatchObject({ isShown: false });
    await window.see("Downloading");
    await desktop.press("Show Hubdesk");
    await expect.poll(() => desktop.window()).toMatchObject({ isShown: true });

    await desktop.close();
    await window.leaveBy("dialog", "button", "Quit");
    await window.ended();
  });

  line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await inWindow(async (window) => {
    await window.click("link", "Transfers");
    await window.see(BIG);
    await window.see("Done");
  });
});

test("the icon in the tray shows the window, and quits", async () => {
  await inWindow(async (window) => {
    await expect.poll(() => desktop.tray()).toEqual(["Show Hubdesk", "Quit"]);
    await desktop.cover();
    await desktop.press("Show Hubdesk");
    await expect.poll(() => desktop.window()).toMatchObject({ isOnTop: true });
    await desktop.press("Quit");
    await window.ended();
  });
});

test("who looks elsewhere is told what is done, and what needs somebody", async () => {
  await inWindow(async (window) => {
    await desktop.cover();
    await download(window, SMALL);
    await expect.poll(() => desktop.notices()).toEqual([{ title: "Download finished", body: SMALL }]);
    await download(window, GATED);
    await expect
      .poll(() => desktop.notices())
      .toContainEqual({ title: "A download needs you", body: `${GATED}: ask for access.` });
  });
});
