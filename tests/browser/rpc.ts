import type { Page, Request } from "@playwright/test";
import type { ApiError, Board, Commands, ErrorCode, Session, UiEvent } from "../../ui/src/lib/api/bindings";
import type { App } from "./fixtures";

export type { Commands };
type Command = keyof Commands;

/** Answers a command in the program's place, for what no Hub of ours can be brought to do. */
export async function answer<C extends Command>(
  page: Page,
  command: C,
  make: (request: Commands[C]["request"]) => Commands[C]["answer"],
): Promise<void> {
  await page.route(`**/rpc/${command}`, (route) =>
    route.fulfill({ json: { answer: make(route.request().postDataJSON() as Commands[C]["request"]), asOf: null } }),
  );
}

/** Lets a command fail until the function returned is called. */
export async function refuse(page: Page, command: Command, error: ApiError): Promise<() => Promise<void>> {
  const url = `**/rpc/${command}`;
  await page.route(url, (route) => route.fulfill({ status: 400, json: error }));
  return () => page.unroute(url);
}

/** Keeps a command waiting until the function returned is called. */
export async function hold(
  page: Page,
  command: Command,
  isHeld: (request: Request) => boolean = () => true,
): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(`**/rpc/${command}`, async (route) => {
    if (isHeld(route.request())) await released;
    // The page may be gone by now.
    await route.fallback().catch(() => undefined);
  });
  return release;
}

export function error(code: ErrorCode, message: string, hint: string | null = null): ApiError {
  return { code, message, hint, requestId: "Root=1-67c0ffee-0123456789abcdef" };
}

/** Before anything is known. */
export const NOTHING: Board = {
  transfers: [],
  isAllPaused: false,
  status: {
    running: 0,
    queued: 0,
    waiting: 0,
    paused: 0,
    needsYou: 0,
    bytesPerSecond: 0,
    uploadBytesPerSecond: 0,
    secondsLeft: null,
    isOnline: true,
    isToldOffline: false,
    hubWaitSeconds: null,
    bytesFree: null,
    queueTrouble: null,
  },
};

/** Lets the next connection tell `events` in the program's place; the one after it is the program's. */
export async function tell(page: Page, app: App, ...events: UiEvent[]): Promise<void> {
  const body = stream({ type: "snapshot", session: await sessionOf(app), board: NOTHING }, ...events);
  // The page that is open may be about to connect once more, and would get what is meant for the next one.
  await page.goto("about:blank");
  await page.route(EVENTS, (route) => route.fulfill({ contentType: "text/event-stream", body }), { times: 1 });
}

/** Lets the program be in a state that no Hub of ours can bring it to. */
export async function pretend(page: Page, app: App, session: Partial<Session>, board: Partial<Board>): Promise<void> {
  const told = { ...(await sessionOf(app)), ...session };
  const body = stream({ type: "snapshot", session: told, board: { ...NOTHING, ...board } });
  await page.route(EVENTS, (route) => route.fulfill({ contentType: "text/event-stream", body }));
}

const EVENTS = "**/events?*";

const stream = (...events: UiEvent[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

export function sessionOf(app: App): Promise<Session> {
  return ask(app, "session", null);
}

/** Asks the program without a page. */
export async function ask<C extends Command>(
  app: App,
  command: C,
  request: Commands[C]["request"],
): Promise<Commands[C]["answer"]> {
  const answer = await fetch(`${app.origin}/rpc/${command}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-hubdesk-key": app.key },
    body: JSON.stringify(request),
  });
  const told = (await answer.json()) as { answer: Commands[C]["answer"] };
  if (!answer.ok) throw new Error(`${command} is refused: ${JSON.stringify(told)}`);
  return told.answer;
}
