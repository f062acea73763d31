import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, test } from "@playwright/test";
import { Key } from "selenium-webdriver";
import { Program } from "../browser/program.ts";
import { SlowLine } from "../browser/slow-line.ts";
import { Desktop } from "./desktop.ts";
import { Window } from "./window.ts";

/** A private repository of the stand-in's one user. */
const OWN = "demo/my-first-adapter";

let desktop: Desktop;
let hub: Program;
let line: SlowLine;
let home: string;
let folder: string;
let name: string;

test.beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "hubdesk-home-"));
  folder = mkdtempSync(join(tmpdir(), "größe 100% "));
  name = basename(folder);
  desktop = await Desktop.start();
  hub = await Program.start("hubdesk-cli", ["hub", "serve", "--control"], { HOME: tmpdir() });
  const { endpoint = "", storage = "" } = hub.greeting;
  line = await new SlowLine({ endpoint, storage }).open();
});

test.afterEach(async () => {
  await line.close();
  await hub.stop();
  await desktop.stop();
  rmSync(home, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the window, does something in it, and sees to it that nothing of it is left. */
async function inWindow(work: (window: Window) => Promise<void>): Promise<void> {
  const { token = "" } = hub.greeting;
  const window = await Window.open({ home, bus: desktop.bus, endpoint: line.endpoint, token });
  try {
    await work(window);
  } finally {
    await window.close();
  }
}

/** Signs in, and opens the repository. */
async function openRepo(window: Window): Promise<void> {
  await window.click("button", "Use the token of HF_TOKEN");
  await window.click("button", "Sign in as demo");
  const box = await window.find("searchbox", "Search the Hub, or open owner/name");
  await box.sendKeys(OWN, Key.ENTER);
  await window.find("heading", OWN);
}

/** Drags the folder out of a file manager, and lets go of it over the window. */
async function drop(window: Window): Promise<void> {
  await desktop.take({ files: [folder] });
  await expect.poll(() => desktop.hold()).toBe(true);
  await window.see(`Upload to ${OWN}`);
  expect(await desktop.release()).toBe(true);
  await window.find("dialog", "Upload to…");
}

test("a folder from a file manager is uploaded when its secret was agreed to, and taken back", async () => {
  write({ "model/config.json": "{}", "größe 1%.txt": "words", ".env": "KEY=1", ".DS_Store": "junk" });
  await inWindow(async (window) => {
    await openRepo(window);
    const before = await files();
    await drop(window);
    await window.see("Decide about 1 secret");
    await window.see("Stays here 1");
    await window.click("checkbox", `${name}/.env may be published`);
    expect(await files(), "nothing is sent before it is agreed to").toEqual(before);
    await window.clickIn("dialog", "button", "Upload");
    await window.click("link", "Show transfers");
    await window.see("Done");
    const there = [".env", "größe 1%.txt", "model/config.json"].map((path) => `${name}/${path}`);
    expect(await files()).toEqual([...before, ...there].sort());

    await window.click("button", "Undo…");
    await window.see("3 files that the upload has brought will be removed.");
    expect(await files(), "nothing is done before it is agreed to").toEqual([...before, ...there].sort());
    await window.clickIn("dialog", "button", "Undo");
    await window.see("It was taken back by 1 commit.");
    expect(await files()).toEqual(before);
  });
});

test("a folder copied in a file manager is pasted, and becomes a pull request", async () => {
  write({ "config.json": "{}" });
  await inWindow(async (window) => {
    await openRepo(window);
    const before = await files();
    await desktop.copy({ files: [folder] });
    await (await window.find("heading", OWN)).click();
    await window.driver.actions().keyDown(Key.CONTROL).sendKeys("v").keyUp(Key.CONTROL).perform();
    await window.click("radio", "As a pull request");
    await window.clickIn("dialog", "button", "Upload");
    await window.click("link", "Show transfers");
    await window.see("Done");
    expect(await files(), "nothing was done to main").toEqual(before);
    expect(await files("refs/pr/1")).toEqual([...before, `${name}/config.json`].sort());
    await window.click("button", "Show details");
    await window.click("button", "Open pull request #1");
    await expect.poll(() => window.opened().at(-1)).toMatch(/\/discussions\/1$/);
  });
});

test("an upload that is killed goes on by itself at the next start, and commits nothing twice", async () => {
  test.slow();
  const many = Array.from({ length: 300 }, (_, number) => `${number}.txt`);
  write(Object.fromEntries(many.map((path) => [path, `of ${path}`])));
  const before = { files: await files(), commits: await commits() };
  const all = [...before.files, ...many.map((path) => `${name}/${path}`)].sort();
  line.keepsBack = ({ method, url }) => method === "POST" && (url ?? "").includes("/commit/");

  await inWindow(async (window) => {
    await openRepo(window);
    await drop(window);
    await window.clickIn("dialog", "button", "Upload");
    await expect.poll(() => line.kept, "the Hub has made a commit and nobody knows").toBe(1);
    await window.kill();
  });
  expect(await commits()).toBe(before.commits + 1);
  expect((await files()).length).toBeLessThan(all.length);

  // Nobody presses anything any more.
  await inWindow(async (window) => {
    await expect.poll(() => line.kept, "it has gone on with the rest").toBe(2);
    expect(await commits()).toBe(before.commits + 2);
    await window.kill();
  });
  line.keepsBack = () => false;
  await inWindow(async (window) => {
    await window.click("link", "Transfers");
    await window.see("Done");
  });
  expect(await files()).toEqual(all);
  expect(await commits(), "nothing was committed twice").toBe(before.commits + 2);
});

/** Puts files into the folder, by their paths in it. */
function write(contents: Record<string, string>): void {
  for (const [path, content] of Object.entries(contents)) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
}

/** The paths of all files that the Hub has, sorted. */
async function files(revision = "main"): Promise<string[]> {
  const entries = await asked<{ type: string; path: string }[]>(`tree/${encodeURIComponent(revision)}?recursive=true`);
  return entries.filter(({ type }) => type === "file").map(({ path }) => path).sort();
}

/** How many commits the Hub has. */
async function commits(): Promise<number> {
  return (await asked<unknown[]>("commits/main")).length;
}

async function asked<T>(what: string): Promise<T> {
  const { endpoint = "", token = "" } = hub.greeting;
  const answer = await fetch(`${endpoint}/api/models/${OWN}/${what}`, { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()) as T;
}
