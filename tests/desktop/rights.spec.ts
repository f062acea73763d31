import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { Window } from "./window.ts";

test.describe("what the page may do", () => {
  let window: Window;
  test.beforeAll(async () => {
    window = await Window.open();
    await window.see("Welcome to Hubdesk");
  });
  test.afterAll(() => window.close());

  test("it opens no connection", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.setHeader("access-control-allow-origin", "*").end("reached");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const act of [
        `fetch('http://${address}/fetch').then((answer) => answer.text())`,
        `new Promise((resolve, reject) => {
           const picture = Object.assign(new Image(), { onload: () => resolve('loaded'), onerror: () => reject('refused') });
           picture.src = 'http://${address}/picture.png';
         })`,
        `new Promise((resolve, reject) => {
           const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: 'http://${address}/style.css' });
           Object.assign(style, { onload: () => resolve('loaded'), onerror: () => reject('refused') });
           document.head.append(style);
         })`,
        `new Promise((resolve, reject) => {
           const script = Object.assign(document.createElement('script'), { src: 'http://${address}/script.js' });
           Object.assign(script, { onload: () => resolve('loaded'), onerror: () => reject('refused') });
           document.head.append(script);
         })`,
      ]) {
        expect(await attempt(window, act)).toContain("failed");
      }
      expect(asked).toEqual([]);
      expect(await (await fetch(`http://${address}/`)).text(), "the server can be reached from elsewhere").toBe("reached");
    } finally {
      server.close();
    }
  });

  test("it runs no script and no style that is not part of the program", async () => {
    const ran = await attempt(
      window,
      `new Promise((resolve) => {
         globalThis.ran = 'no';
         const script = document.createElement('script');
         script.textContent = "globalThis.ran = 'yes'";
         document.body.append(script);
         resolve(globalThis.ran);
       })`,
    );
    expect(ran).toBe("no");
  });

  test("it has no doors but its two", async () => {
    expect(await attempt(window, "Promise.resolve(typeof globalThis.__TAURI__)")).toBe("undefined");
    for (const command of ["plugin:event|emit", "plugin:window|close", "plugin:webview|create_webview_window", "plugin:path|resolve"]) {
      const answer = await attempt(
        window,
        `globalThis.__TAURI_INTERNALS__.invoke(${JSON.stringify(command)}, {}).then(() => 'allowed', (error) => String(error))`,
      );
      expect(answer, command).toContain("not allowed");
    }
  });

  test("it cannot lead anywhere else", async () => {
    const before = await window.driver.getCurrentUrl();
    await window.driver.executeScript("location.href = 'http://127.0.0.1:9/'");
    // A page that was left would not answer any more, after a few ways to the program and back.
    const session = "globalThis.__TAURI_INTERNALS__.invoke('rpc', { command: 'session', request: null })";
    for (let turn = 0; turn < 20; turn += 1) {
      expect(await attempt(window, `${session}.then((reply) => reply.answer.stage)`)).toBe("welcome");
    }
    expect(await window.driver.getCurrentUrl()).toBe(before);
  });
});

/** What a promise in the page gives, as text. */
async function attempt(window: Window, promise: string): Promise<string> {
  return window.driver.executeAsyncScript(
    `const done = arguments[arguments.length - 1]; Promise.resolve(${promise}).then((value) => done(String(value)), (error) => done('failed: ' + error));`,
  );
}
