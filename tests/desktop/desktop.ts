import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { binary } from "../browser/program.ts";

/** A notice that the desktop shows. */
export interface Notice {
  title: string;
  body: string;
}

/** How the window stands on the screen. */
export interface Seen {
  isShown: boolean;
  isOnTop: boolean;
  /** What is typed goes there. */
  hasKeys: boolean;
}

/** Something that is dragged or copied: by a file manager, today's or an older one, an editor, or a browser. */
export type Load = { files: string[] } | { oldFiles: string[] } | { text: string } | { link: string };

/** A place in the window, in pixels from its corner. */
export interface At {
  x: number;
  y: number;
}

/** A desktop of the test's own: it takes notices, has a tray, closes windows, and drags and copies files. */
export class Desktop {
  private constructor(
    /** The address of its session bus. Nothing else is there, nor can be started by it. */
    readonly bus: string,
    private readonly daemon: ChildProcess,
    private readonly standIn: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Desktop> {
    const folder = mkdtempSync(join(tmpdir(), "hubdesk-desktop-"));
    const config = join(folder, "bus.conf");
    writeFileSync(config, BUS.replace("FOLDER", folder));
    const daemon = spawn("dbus-daemon", [`--config-file=${config}`, "--nofork", "--print-address"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const bus = (await linesOf(daemon).next()).value as string | undefined;
    if (!bus) throw new Error("dbus-daemon says no address; is dbus installed?");
    const standIn = spawn(binary("hubdesk-standin-desktop"), [], {
      env: { DISPLAY: process.env.DISPLAY, XAUTHORITY: process.env.XAUTHORITY, DBUS_SESSION_BUS_ADDRESS: bus },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const desktop = new Desktop(bus, daemon, standIn, linesOf(standIn), folder);
    await desktop.#hear();
    return desktop;
  }

  notices(): Promise<Notice[]> {
    return this.#ask("notices");
  }

  /** The words of the menu of the icon in the tray; none while there is no icon. */
  tray(): Promise<string[]> {
    return this.#ask("tray");
  }

  /** Chooses from the menu of the icon in the tray. */
  async press(words: string): Promise<void> {
    await this.#ask(`press ${words}`);
  }

  /** How the window stands; nothing while there is none. */
  window(): Promise<Seen | null> {
    return this.#ask("window");
  }

  /** Presses the button that closes the window. */
  async close(): Promise<void> {
    await this.#ask("close");
  }

  /** Puts another window in front of everything, and gives it the keys. */
  async cover(): Promise<void> {
    await this.#ask("cover");
  }

  /** Copies something. */
  async copy(load: Load): Promise<void> {
    await this.#ask(`copy ${JSON.stringify(load)}`);
  }

  /** Takes something, to hold it over the window. */
  async take(load: Load): Promise<void> {
    await this.#ask(`take ${JSON.stringify(load)}`);
  }

  /** Holds what was taken over a place in the window, or its middle; gives whether it may be dropped there by now. */
  hold(at?: At): Promise<boolean> {
    return this.#ask(`hold ${JSON.stringify(at ?? null)}`);
  }

  /** Moves away from the window with what was taken. */
  async leave(): Promise<void> {
    await this.#ask("leave");
  }

  /** Passes over the window with what was taken, faster than the window can answer. */
  async pass(): Promise<void> {
    await this.#ask("pass null");
  }

  /** Lets go of what was taken; gives whether the window has taken it. */
  release(): Promise<boolean> {
    return this.#ask("release");
  }

  /** Lets go of what was taken over the window without asking it first; gives whether the window has taken it. */
  throw(): Promise<boolean> {
    return this.#ask("throw null");
  }

  async stop(): Promise<void> {
    for (const child of [this.standIn, this.daemon]) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.kill()) await ended;
    }
    rmSync(this.folder, { recursive: true });
  }

  async #ask<T>(words: string): Promise<T> {
    this.standIn.stdin?.write(`${words}\n`);
    return (await this.#hear()) as T;
  }

  async #hear(): Promise<unknown> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error("hubdesk-standin-desktop has ended");
    const answer = JSON.parse(value) as { is: unknown } | { error: string };
    if ("error" in answer) throw new Error(answer.error);
    return answer.is;
  }
}

const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

function linesOf({ stdout }: ChildProcess): AsyncIterator<string> {
  if (!stdout) throw new Error("its output is not listened to");
  return createInterface(stdout)[Symbol.asyncIterator]();
}
