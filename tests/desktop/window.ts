import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Builder, By, Capabilities, error, type WebDriver, type WebElement } from "selenium-webdriver";
import { binary } from "../browser/program.ts";

/** How long to wait for what must happen. A debug build on a busy machine is slow. */
const PATIENCE_MS = 30_000;
/** Between two looks at the processes of the system, which take a busy machine's time. */
const LOOK_MS = 50;
/** The program with the window. */
const PROGRAM = "hubdesk";

/** Where a window is opened. */
export interface Place {
  /** A home that an earlier window left; it has to be removed by whoever made it. */
  home?: string;
  /** The address of a session bus; without it, it is the one of the tests. */
  bus?: string;
  /** The Hub of the settings. */
  endpoint?: string;
  /** The token of the command-line tools. */
  token?: string;
}

/** The real window, in a home of its own, driven through WebKit's WebDriver. */
export class Window {
  private constructor(
    readonly driver: WebDriver,
    /** The home: cache and settings are below it. */
    readonly home: string,
    private readonly server: ChildProcess,
    private readonly env: Record<string, string | undefined>,
    private readonly ownsHome: boolean,
  ) {}

  /** Opens the window, in an empty home or in one that an earlier window left. */
  static async open(place: Place = {}): Promise<Window> {
    const home = place.home ?? mkdtempSync(join(tmpdir(), "hubdesk-window-"));
    const env = environment(home, place);
    const port = await freePort();
    const server = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
      env: { ...env, TAURI_WEBVIEW_AUTOMATION: "true" },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const ownsHome = place.home === undefined;
    try {
      await listening(port);
      // A window that never comes up must not keep the tests waiting: the limit is the test's own.
      const driver = await new Builder()
        .usingServer(`http://127.0.0.1:${port}`)
        .withCapabilities(
          new Capabilities({
            browserName: "wry",
            "webkitgtk:browserOptions": { binary: binary(PROGRAM), args: [] },
          }),
        )
        .build();
      return new Window(driver, home, server, env, ownsHome);
    } catch (thrown) {
      server.kill();
      if (ownsHome) rmSync(home, { recursive: true, force: true });
      throw thrown;
    }
  }

  /** The first visible element with this role and name. */
  async find(role: string, name: string): Promise<WebElement> {
    const by = By.xpath(`//*[${hasRole(role)}][${named(name)}]`);
    return this.#reach(by, `no ${role} "${name}"`, async (element) => (await element.isDisplayed()) && element);
  }

  async click(role: string, name: string): Promise<void> {
    const by = By.xpath(`//*[${hasRole(role)}][${named(name)}]`);
    await this.#reach(by, `no ${role} "${name}" to click`, press);
  }

  /** Clicks something inside the one element with this role. */
  async clickIn(container: string, role: string, name: string): Promise<void> {
    await this.#reach(within(container, role, name), `no ${role} "${name}" to click in the ${container}`, press);
  }

  /**
   * As `clickIn`, where the window hides or ends upon it. The driver waits for a click until the page is drawn again,
   * which a hidden one never is, and of one that has ended there is no answer.
   */
  async leaveBy(container: string, role: string, name: string): Promise<void> {
    const complaint = `no ${role} "${name}" to click in the ${container}`;
    const ready = async (element: WebElement) => (await canBePressed(element)) && element;
    const element = await this.#reach(within(container, role, name), complaint, ready);
    const press = "const [button] = arguments; setTimeout(() => button.click())";
    await this.driver.executeScript(press, element).catch(() => undefined);
  }

  /** Waits until the page shows this text. */
  async see(text: string): Promise<void> {
    const shows = async () => (await this.text()).includes(text);
    await this.driver.wait(shows, PATIENCE_MS, `"${text}" does not appear`);
  }

  /** Does something with an element, as soon as it is there and that can be done. */
  async #reach<T>(by: By, complaint: string, work: (element: WebElement) => Promise<T | false>): Promise<T> {
    const attempt = async () => {
      try {
        return await work(await this.driver.findElement(by));
      } catch (thrown) {
        if (isPassing(thrown)) return false;
        throw thrown;
      }
    };
    return (await this.driver.wait(attempt, PATIENCE_MS, complaint)) as T;
  }

  async text(): Promise<string> {
    // The driver's own reading leaves out what an ellipsis may cut, though it is in sight.
    return this.driver.executeScript("return document.body.innerText");
  }

  /** What the desktop was asked to open so far. */
  opened(): string[] {
    try {
      // The file is there before the first line is.
      return readFileSync(join(this.home, "opened"), "utf8").split("\n").slice(0, -1);
    } catch {
      return [];
    }
  }

  /** Starts the program once more, as a person would; gives how that ends. */
  async startAgain(): Promise<number | null> {
    const second = spawn(binary(PROGRAM), [], { env: this.env, stdio: ["ignore", "ignore", "inherit"] });
    return new Promise((resolve) => second.once("exit", resolve));
  }

  /** Ends the program at once, and without its having a say in it. */
  async kill(): Promise<void> {
    for (const pid of processesIn(this.home).filter(isProgram)) process.kill(Number(pid), "SIGKILL");
    await this.ended();
  }

  /** Waits until the program has ended by itself. */
  async ended(): Promise<void> {
    await becomes(() => !processesIn(this.home).some(isProgram), "the program is still there");
  }

  /** Closes the window, if it is still there, and sees to it that nothing of it is left. */
  async close(): Promise<void> {
    await this.driver.quit().catch(() => undefined);
    // The driver ends the window a moment after it has answered; ended before, it would leave it.
    await allEnded(this.home, this.server.pid);
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill();
    await ended;
    await allEnded(this.home);
    if (this.ownsHome) rmSync(this.home, { recursive: true });
  }
}

async function press(element: WebElement): Promise<boolean> {
  const can = await canBePressed(element);
  if (can) await element.click();
  return can;
}

/** Buttons of ours keep the keys while they cannot be pressed. */
async function canBePressed(element: WebElement): Promise<boolean> {
  const isDisabled = (await element.getAttribute("aria-disabled")) === "true" || !(await element.isEnabled());
  return !isDisabled && element.isDisplayed();
}

/** Whether it could only not be done just now: the page was drawn anew meanwhile, or something lay above it. */
function isPassing(thrown: unknown): boolean {
  const passing = [error.NoSuchElementError, error.StaleElementReferenceError, error.ElementClickInterceptedError];
  return passing.some((kind) => thrown instanceof kind);
}

/** What the window finds in its environment; what it has opened is noted in its home. */
function environment(home: string, { bus, endpoint, token }: Place): Record<string, string | undefined> {
  mkdirSync(join(home, "bin"), { recursive: true });
  const recorder = join(home, "bin", "xdg-open");
  writeFileSync(recorder, `#!/bin/sh\nprintf '%s\\n' "$1" >> "${home}/opened"\n`);
  chmodSync(recorder, 0o755);
  return {
    DISPLAY: process.env.DISPLAY,
    XAUTHORITY: process.env.XAUTHORITY,
    DBUS_SESSION_BUS_ADDRESS: bus ?? process.env.DBUS_SESSION_BUS_ADDRESS,
    PATH: `${home}/bin:${process.env.PATH}`,
    HOME: home,
    HF_HOME: join(home, "hf"),
    ...(endpoint === undefined ? {} : { HF_ENDPOINT: endpoint }),
    ...(token === undefined ? {} : { HF_TOKEN: token }),
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR,
    NO_AT_BRIDGE: "1",
    MESA_SHADER_CACHE_DISABLE: "true",
  };
}

/** Waits until no process lives in this home any more, but for one. */
async function allEnded(home: string, except?: number): Promise<void> {
  const others = () => processesIn(home).filter((pid) => pid !== String(except));
  await becomes(() => others().length === 0, `processes are left behind in ${home}`);
}

async function becomes(isSo: () => boolean, complaint: string): Promise<void> {
  const limit = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > limit) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Whether a process is the program itself, not what it has started. */
function isProgram(pid: string): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)) === PROGRAM;
  } catch {
    return false; // It has ended.
  }
}

/** The ids of the processes that were started with this home. */
function processesIn(home: string): string[] {
  const isIn = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`HOME=${home}`);
    } catch {
      return false; // It has ended since it was listed, or is somebody else's.
    }
  };
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isIn(name));
}

const HAS_ROLE: Record<string, string> = {
  button: "self::button or @role='button'",
  link: "self::a",
  dialog: "@role='dialog' or self::dialog",
  searchbox: "@role='searchbox' or @type='search'",
  // What is clicked is its words.
  radio: "self::label[.//input[@type='radio']]",
  checkbox: "self::label[.//input[@type='checkbox']]",
  heading: "self::h1 or self::h2",
};

function within(container: string, role: string, name: string): By {
  return By.xpath(`//*[${hasRole(container)}]//*[${hasRole(role)}][${named(name)}]`);
}

function hasRole(role: string): string {
  return HAS_ROLE[role] ?? `@role='${role}'`;
}

/** By accessible name, as far as XPath can tell it. */
function named(name: string): string {
  const is = `'${name}'`;
  const label = `@id=//label[normalize-space(.)=${is}]/@for`;
  return `@aria-label=${is} or normalize-space(.)=${is} or ${label} or @placeholder=${is} or .//*[normalize-space(.)=${is}]`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function listening(port: number): Promise<void> {
  const limit = Date.now() + PATIENCE_MS;
  while (Date.now() < limit) {
    const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error("WebKitWebDriver does not answer; is webkit2gtk-driver installed?");
}
