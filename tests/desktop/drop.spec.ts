import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Key } from "selenium-webdriver";
import { Desktop } from "./desktop.ts";
import { Window } from "./window.ts";

/** What every file here holds, in so many bytes. */
const [CONTENT, BYTES] = ["nobody but an upload reads this", 31];
const NAMES = ["with space.txt", "größe 模型.txt", "100% #1?.txt"];
const FOLDER = "a folder";
/** How often something is done that may go wrong only when the window is slow. */
const OFTEN = 20;

/** What the program tells the page of files. */
interface Told {
  type: "dragOver" | "dropped";
  count?: number;
  sources?: Source[];
}

type Source = { name: string; path: string; isFolder: boolean; bytes: number };

/** What the web view gives the page by itself. */
interface Given {
  type: string;
  /** Everything in it that could be read. */
  read: string[];
}

let desktop: Desktop;
let window: Window;
let folder: string;
let files: string[];
let all: Source[];

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hubdesk-drop-"));
  for (const name of NAMES) writeFileSync(join(folder, name), CONTENT);
  mkdirSync(join(folder, FOLDER));
  all = NAMES.map((name) => ({ name, path: join(folder, name), isFolder: false, bytes: BYTES }));
  all.push({ name: FOLDER, path: join(folder, FOLDER), isFolder: true, bytes: 0 });
  files = all.map(({ path }) => path);
  desktop = await Desktop.start();
  window = await Window.open({ bus: desktop.bus });
  await window.see("Welcome to Hubdesk");
  expect(await window.driver.executeAsyncScript(LISTEN)).toBeNull();
});

test.afterEach(async () => {
  await window.close();
  await desktop.stop();
  rmSync(folder, { recursive: true });
});

test("files from a file manager are told with their number, and dropped with what they are", async () => {
  const page = await window.driver.getCurrentUrl();
  await desktop.take({ files });
  await expect.poll(() => desktop.hold()).toBe(true);
  await expect.poll(told).toEqual([{ type: "dragOver", count: 4 }]);
  await desktop.hold({ x: 100, y: 100 });
  expect(await desktop.release()).toBe(true);
  await expect.poll(told).toEqual([
    { type: "dragOver", count: 4 },
    { type: "dragOver", count: 0 },
    { type: "dropped", sources: all.map((source) => expect.objectContaining(source)) },
  ]);

  expect(await window.driver.getCurrentUrl()).toBe(page);
  expect(await window.text()).toContain("Welcome to Hubdesk");
  const given = await givenTo();
  expect(given.map(({ type }) => type)).toContain("dragover");
  expect(given.map(({ type }) => type)).not.toContain("drop");
  expect(given.flatMap(({ read }) => read), "the page cannot read what is held over it").toEqual([]);
});

test("files that leave the window are not dropped, however fast they pass", async () => {
  await desktop.take({ files });
  for (let turn = 0; turn < OFTEN; turn += 1) await desktop.pass();
  await expect.poll(() => desktop.hold()).toBe(true);
  await expect.poll(async () => (await told()).at(-1)).toEqual({ type: "dragOver", count: 4 });
  await desktop.leave();
  await expect.poll(async () => (await told()).at(-1)).toEqual({ type: "dragOver", count: 0 });
  const counts = (await told()).map(({ count }) => count);
  expect(counts, "what has come has gone").toEqual(counts.map((_, at) => (at % 2 === 0 ? 4 : 0)));
});

test("files let go of before the window has answered are dropped once", async () => {
  const dropped = async () => (await told()).filter(({ type }) => type === "dropped");
  for (let turn = 1; turn <= OFTEN; turn += 1) {
    await desktop.take({ files });
    expect(await desktop.throw()).toBe(true);
    await expect.poll(dropped).toHaveLength(turn);
    await desktop.take({ text: "words" });
    await desktop.throw();
  }
  // What comes after it is told after it.
  await desktop.take({ files });
  await expect.poll(() => desktop.hold()).toBe(true);
  await expect.poll(async () => (await told()).at(-1)).toEqual({ type: "dragOver", count: 4 });
  expect(await dropped()).toHaveLength(OFTEN);
  expect(await window.text()).toContain("Welcome to Hubdesk");
});

test("text of other programs goes into fields and nowhere else, and links lead nowhere", async () => {
  await window.click("button", "Try the demo Hub");
  const box = await window.find("searchbox", "Search the Hub, or open owner/name");
  const { x, y } = await box.getRect();
  const page = await window.driver.getCurrentUrl();

  await desktop.take({ text: "words" });
  await expect.poll(() => desktop.hold({ x: Math.round(x + 20), y: Math.round(y + 10) })).toBe(true);
  expect(await desktop.release()).toBe(true);
  await expect.poll(() => box.getAttribute("value")).toBe("words");

  await desktop.take({ text: "other words" });
  await expect.poll(() => desktop.hold({ x: Math.round(x + 20), y: Math.round(y + 10) })).toBe(true);
  await expect.poll(() => desktop.hold()).toBe(false);
  expect(await desktop.release()).toBe(false);

  for (const link of ["https://huggingface.co/a/b", "tauri://localhost/settings", "file://elsewhere/etc/passwd"]) {
    await desktop.take({ link });
    await expect.poll(() => desktop.hold()).toBe(true);
    await desktop.release();
  }
  // What comes after it is told after it.
  await desktop.take({ files });
  await expect.poll(() => desktop.hold()).toBe(true);
  await expect.poll(told).toEqual([{ type: "dragOver", count: 4 }]);
  expect(await window.driver.getCurrentUrl()).toBe(page);
  expect(await box.getAttribute("value")).toBe("words");
});

test("files copied in a file manager are pasted through the program, since the page learns nothing of them", async () => {
  expect(await pasted(), "nothing was copied").toEqual([]);
  for (const load of [{ files }, { oldFiles: files }]) {
    await desktop.copy(load);
    await press("v");
    await expect.poll(async () => (await givenTo()).filter(({ type }) => type === "paste")).toEqual([{ type: "paste", read: [] }]);
    expect(await pasted()).toEqual(all.map((source) => expect.objectContaining(source)));
    await window.driver.executeScript("globalThis.given = []");
  }
  for (const load of [{ text: files.join("\n") }, { link: "https://huggingface.co/a/b" }]) {
    await desktop.copy(load);
    expect(await pasted()).toEqual([]);
  }
});

/** What the program has told the page of files so far. */
function told(): Promise<Told[]> {
  return window.driver.executeScript("return globalThis.told");
}

/** What the web view has given the page so far. */
function givenTo(): Promise<Given[]> {
  return window.driver.executeScript("return globalThis.given");
}

/** What the program finds in the clipboard. */
function pasted(): Promise<Source[]> {
  return window.driver.executeAsyncScript(`
    const done = arguments[0];
    const reply = globalThis.__TAURI_INTERNALS__.invoke('rpc', { command: 'paste_files', request: null });
    reply.then(({ answer }) => done(answer), (error) => done(error));
  `);
}

async function press(key: string): Promise<void> {
  await window.driver.actions().keyDown(Key.CONTROL).sendKeys(key).keyUp(Key.CONTROL).perform();
}

/** Notes in the page what it is told and given; it hears nothing else any more. */
const LISTEN = `
  const done = arguments[0];
  globalThis.told = [];
  globalThis.given = [];
  const { invoke, transformCallback } = globalThis.__TAURI_INTERNALS__;
  const hear = ({ message }) => {
    if (['dragOver', 'dropped'].includes(message?.type)) globalThis.told.push(message);
  };
  for (const type of ['dragenter', 'dragover', 'dragleave', 'drop', 'paste']) {
    addEventListener(type, (event) => {
      const from = event.dataTransfer ?? event.clipboardData;
      const texts = [...from.types].map((form) => from.getData(form));
      const names = [...from.files].map(({ name }) => name);
      globalThis.given.push({ type, read: [...texts, ...names].filter((read) => read !== '') });
    }, true);
  }
  const heard = invoke('subscribe', { channel: '__CHANNEL__:' + transformCallback(hear) });
  heard.then(() => done(null), (error) => done(String(error)));
`;
