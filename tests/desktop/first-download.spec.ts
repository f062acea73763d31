import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Key } from "selenium-webdriver";
import { Window } from "./window.ts";

const MODEL = "aurora-lab/polaris-mini-chat";
const FILE = "config.json";

test("a person without network or account brings a demo file into the cache", async () => {
  const window = await Window.open();
  try {
    await window.see("Welcome to Hubdesk");
    await window.click("button", "Try the demo Hub");
    await window.see("DEMO");
    await window.click("link", MODEL);
    await window.click("tab", "Files");
    await window.click("treeitem", FILE);
    await window.click("button", "Download ticked files");
    await window.see("Free space left after");
    await window.clickIn("dialog", "button", "Download");
    await window.click("link", "Show transfers");
    await window.see("Done");

    const file = cachedFile(window.home, MODEL, FILE);
    expect(file, "the file is where every tool of the Hub looks for it").toBeDefined();

    await window.click("button", "Show in folder");
    await expect.poll(() => window.opened()).toHaveLength(1);
    expect(existsSync(join(window.opened()[0] ?? "", FILE))).toBe(true);

    await window.click("button", "Copy path");
    const box = await window.find("searchbox", "Search the Hub, or open owner/name");
    await box.click();
    await box.sendKeys(Key.chord(Key.CONTROL, "v"));
    expect(await box.getAttribute("value")).toBe(window.opened()[0]);
  } finally {
    await window.close();
  }
});

test("a window that is loaded again shows what runs and what has ended", async () => {
  const window = await Window.open();
  try {
    await window.click("button", "Try the demo Hub");
    await window.click("link", MODEL);
    await window.click("button", "Download");
    await window.clickIn("dialog", "button", "Download");
    await window.click("link", "Show transfers");
    // The list is there, however far it is by now.
    await window.see("Clear finished");
    await window.driver.navigate().refresh();
    await window.see("DEMO");
    await window.see(MODEL);
    await window.see("Done");
  } finally {
    await window.close();
  }
});

/** A file of any snapshot of a model. */
function cachedFile(home: string, model: string, file: string): string | undefined {
  const snapshots = join(home, "hf", "hub", `models--${model.replace("/", "--")}`, "snapshots");
  const paths = readdirSync(snapshots).map((commit) => join(snapshots, commit, file));
  return paths.find((path) => existsSync(path));
}
