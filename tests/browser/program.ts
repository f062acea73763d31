import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Time a program gets to end by itself; it may still have to stop transfers. */
const STOP_MS = 10_000;

/** One of our programs, started with nothing of the surrounding environment. */
export class Program {
  private constructor(
    private readonly child: ChildProcess,
    /** What it says about itself when it is ready. */
    readonly greeting: Record<string, string>,
  ) {}

  /** Starts it and waits for the line of JSON by which it says that it is ready. */
  static async start(name: string, args: string[], env: Record<string, string>): Promise<Program> {
    const child = spawn(binary(name), args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let complaints = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
    const greeting = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once("line", resolve);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`${name} ended with ${code}: ${complaints}`)));
    });
    return new Program(child, JSON.parse(greeting) as Record<string, string>);
  }

  /** Ends it, and comes back when it has ended. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const impatience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(impatience);
  }
}

/** Where one of our programs is. */
export function binary(name: string): string {
  const folder = process.env.HUBDESK_BIN_DIR;
  if (!folder) throw new Error("HUBDESK_BIN_DIR is not set: run these tests by make");
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`${path} is missing. Build it: make binaries`);
  return path;
}
