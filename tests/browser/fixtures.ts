import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test as base, type Page } from "@playwright/test";
import { Program } from "./program";
import { SlowLine } from "./slow-line";

export { expect, type Page };

/** How the program's stand-in for a desktop marks a notice. */
const NOTICE = "notice: ";

/** The application layer behind a browser, in a home of its own. */
export class App {
  readonly origin: string;
  readonly key: string;

  constructor(
    readonly url: string,
    readonly home: string,
  ) {
    const address = new URL(url);
    this.origin = address.origin;
    this.key = address.searchParams.get("key") ?? "";
  }

  /** Where downloads go: the cache that is shared with the Hub's other tools. */
  get cache(): string {
    return join(this.home, "hf", "hub");
  }

  /** The address of a screen. */
  at(path: string): string {
    const address = new URL(path, this.origin);
    address.searchParams.set("key", this.key);
    return address.href;
  }

  /** Links and folders that a desktop would have opened so far. */
  async opened(): Promise<string[]> {
    return (await this.#noted()).filter((noted) => !noted.startsWith(NOTICE));
  }

  /** Notices that a desktop would have shown so far. */
  async notices(): Promise<string[]> {
    return (await this.#noted()).filter((noted) => noted.startsWith(NOTICE));
  }

  /** Presses the button that closes the window; gives what became of it. */
  async close(): Promise<string> {
    const answer = await fetch(this.at("/close"), { method: "POST", headers: { "x-hubdesk-key": this.key } });
    return ((await answer.json()) as { then: string }).then;
  }

  /** Says what a person chooses from now on who is asked for something to upload, and what they have copied. */
  choose(chosen: { files?: string[]; folder?: string; copied?: string[] }): Promise<void> {
    return this.#does("/choose", chosen);
  }

  /** Holds so many files over the window; 0 takes them away again. */
  drag(count: number): Promise<void> {
    return this.#does("/drag", count);
  }

  /** Drops files and folders on the window. */
  drop(...paths: string[]): Promise<void> {
    return this.#does("/drop", paths);
  }

  async #does(what: string, body: unknown): Promise<void> {
    const headers = { "content-type": "application/json", "x-hubdesk-key": this.key };
    const answer = await fetch(this.at(what), { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.ok, `${what} answers ${answer.status}`).toBe(true);
  }

  async #noted(): Promise<string[]> {
    const answer = await fetch(this.at("/opened"));
    return (await answer.json()) as string[];
  }
}

/** A Hub of our own, as any other Hub is seen. */
export interface Hub {
  endpoint: string;
  storage: string;
  /** Signs its one user in. */
  token: string;
  stop: () => Promise<void>;
}

/** What a test can start. Everything is stopped and removed at its end. */
export interface World {
  /** Starts the application layer; `env` is all it finds in its environment besides its home. */
  startApp: (env?: Record<string, string>, ...args: string[]) => Promise<App>;
  startHub: (...args: string[]) => Promise<Hub>;
  /** Starts both, the Hub being the one of the settings, and leads to the first screen. */
  openHub: (env?: (hub: Hub) => Record<string, string>, ...args: string[]) => Promise<{ app: App; hub: Hub }>;
  /** A line to a Hub that can be made slow. */
  openLine: (hub: Hub) => Promise<SlowLine>;
}

/** What a scene is played with. */
export interface Stage extends World {
  page: Page;
}

interface Fixtures extends World {
  stage: Stage;
  /** The application layer, and the page at its first screen. */
  app: App;
  /** The same with the demo Hub open. */
  demo: App;
  /** The same with another Hub open, at the far end of a line that can be made slow. */
  far: Far;
}

export interface Far {
  app: App;
  hub: Hub;
  line: SlowLine;
}

export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    const complaints = listen(page);
    await use(page);
    expect(complaints, "what the browser complained about").toEqual([]);
  },

  startApp: async ({ page }, use) => {
    const ends: (() => Promise<void>)[] = [];
    await use(async (env = {}, ...args) => {
      const home = mkdtempSync(join(tmpdir(), "hubdesk-browser-"));
      ends.push(async () => rmSync(home, { recursive: true, force: true }));
      const ui = join(import.meta.dirname, "../../ui/build");
      const program = await Program.start("hubdesk-devserver", ["--port", "0", "--ui", ui, ...args], {
        HOME: home,
        HF_HOME: join(home, "hf"),
        // The stand-in takes any; without one, only tokens are to be had there.
        HUBDESK_OAUTH_CLIENT_ID: "hubdesk-tests",
        ...env,
      });
      ends.push(() => program.stop());
      return new App(program.greeting["url"] ?? "", home);
    });
    // The page leaves first: what it is still loading would fail, and look like a fault of its own.
    if (!page.isClosed()) await page.goto("about:blank");
    for (const end of ends.reverse()) await end();
  },

  startHub: async ({}, use) => {
    const programs: Program[] = [];
    await use(async (...args) => {
      const home = tmpdir();
      const program = await Program.start("hubdesk-cli", ["hub", "serve", "--control", ...args], { HOME: home });
      programs.push(program);
      const { endpoint = "", storage = "", token = "" } = program.greeting;
      return { endpoint, storage, token, stop: () => program.stop() };
    });
    for (const program of programs) await program.stop();
  },

  openHub: async ({ page, startApp, startHub }, use) => {
    await use(async (env = () => ({}), ...args) => {
      const hub = await startHub();
      const app = await startApp({ HF_ENDPOINT: hub.endpoint, ...env(hub) }, ...args);
      await page.goto(app.url);
      return { app, hub };
    });
  },

  openLine: async ({}, use) => {
    const lines: SlowLine[] = [];
    await use(async (hub) => {
      const line = await new SlowLine(hub).open();
      lines.push(line);
      return line;
    });
    for (const line of lines) await line.close();
  },

  stage: ({ page, startApp, startHub, openHub, openLine }, use) =>
    use({ page, startApp, startHub, openHub, openLine }),

  app: async ({ page, startApp }, use) => {
    const app = await startApp();
    await page.goto(app.url);
    await use(app);
  },

  demo: async ({ page, app }, use) => {
    await openDemo(page);
    await use(app);
  },

  far: async ({ page, startApp, startHub, openLine }, use) => {
    const hub = await startHub();
    const line = await openLine(hub);
    const app = await startApp({ HF_ENDPOINT: line.endpoint });
    await page.goto(app.url);
    await lookAround(page);
    await use({ app, hub, line });
  },
});

/** From the welcome page into the demo Hub. */
export async function openDemo(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Try the demo Hub" }).click();
  // Its repositories are made first, which a busy machine takes its time for.
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible({ timeout: 15_000 });
}

/** From the welcome page into the Hub of the settings, without an account. */
export async function lookAround(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Look around without signing in" }).click();
  await expect(page.getByRole("list", { name: "Models" })).toBeVisible();
}

/** Faults in scripts, what the content security policy had to forbid, requests to anywhere else. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => {
    // A test may leave a page before the next one, preloaded under the mouse, has arrived.
    if (!error.message.startsWith("Unable to preload")) complaints.push(String(error));
  });
  page.on("console", (message) => {
    // Answers that are errors are part of many tests; the browser notes each.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) complaints.push(message.text());
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    const home = page.url() === "about:blank" ? origin : new URL(page.url()).origin;
    if (protocol !== "data:" && origin !== home) complaints.push(`asked ${request.url()}`);
  });
  return complaints;
}
