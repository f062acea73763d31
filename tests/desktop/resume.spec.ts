import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Program } from "../browser/program.ts";
import { SlowLine } from "../browser/slow-line.ts";
import { Window } from "./window.ts";

const MODEL = "aurora-lab/polaris-mini-chat-GGUF";
const VARIANT = "Q8_0";
const FILE = "polaris-mini-chat-Q8_0.gguf";

test("a variant whose download outlives the program is whole on disk, and found", async () => {
  test.slow();
  const home = mkdtempSync(join(tmpdir(), "hubdesk-home-"));
  const hub = await Program.start("hubdesk-cli", ["hub", "serve", "--control"], { HOME: tmpdir() });
  const { endpoint = "", storage = "" } = hub.greeting;
  const line = await new SlowLine({ endpoint, storage }).open();
  line.bytesPerSecond = 256 << 10;
  try {
    let window = await Window.open({ home, endpoint: line.endpoint });
    try {
      await window.click("button", "Look around without signing in");
      await window.click("link", MODEL);
      await window.click("button", "Download");
      await window.click("radio", VARIANT);
      await window.clickIn("dialog", "button", "Download");
      await window.click("link", "Show transfers");
      await window.see("Downloading");
      await expect.poll(() => arrived(home), "something of it is on disk").toBeGreaterThan(0);
      await window.click("button", "Pause");
      await window.see("Paused");
      await window.kill();
    } finally {
      await window.close();
    }

    expect(arrived(home), "what had arrived is still there").toBeGreaterThan(0);
    window = await Window.open({ home, endpoint: line.endpoint });
    try {
      await window.click("button", "Look around without signing in");
      await window.click("link", "Transfers");
      await window.see("Paused");
      line.bytesPerSecond = Number.POSITIVE_INFINITY;
      await window.click("button", "Resume");
      await window.see("Done");
      await window.click("button", "Show in folder");
      await expect.poll(() => window.opened()).toHaveLength(1);
    } finally {
      await window.close();
    }

    const folder = readFileSync(join(home, "opened"), "utf8").trim();
    const whole = await fetch(`${endpoint}/${MODEL}/resolve/main/${FILE}`);
    const is = readFileSync(join(folder, FILE));
    expect(is.equals(Buffer.from(await whole.arrayBuffer())), "the file is that of the Hub").toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith(".gguf"))).toEqual([FILE]);
    expect(await continuedAt(endpoint), "what had arrived was not fetched again").toBeGreaterThan(0);
  } finally {
    await line.close();
    await hub.stop();
    rmSync(home, { recursive: true, force: true });
  }
});

/** How much is noted of what is safely on disk of files that are not whole. */
function arrived(home: string): number {
  const cache = join(home, "hf", "hub");
  if (!existsSync(cache)) return 0;
  const paths = readdirSync(cache, { recursive: true, encoding: "utf8" });
  const notes = paths.filter((path) => path.endsWith(".journal.hubdesk.incomplete"));
  return notes.reduce((sum, path) => sum + statSync(join(cache, path)).size, 0);
}

/** The last byte of a large file from which the Hub was asked to go on. */
async function continuedAt(endpoint: string): Promise<number> {
  const answer = await fetch(`${endpoint}/_standin/log`);
  const { requests } = (await answer.json()) as { requests: { range: string | null }[] };
  const ranges = requests.map(({ range }) => Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0));
  return Math.max(0, ...ranges);
}
