import type { Gate } from "../../../ui/src/lib/api/bindings";
import { expect, type App, type Page } from "../fixtures";
import { answer, error, hold, refuse, sessionOf, tell } from "../rpc";
import type { Act } from "./act";
import { inDemo } from "./discover";

const NAME = "willow-clinic/triage-notes-classifier";

const gate: Gate = {
  state: "ask",
  mode: "manual",
  heading: "Access for partners of the clinic",
  text: "Please tell us who you are. We answer within two working days.",
  button: "Ask for access",
  fields: [
    { label: "Hospital or practice", kind: "text", options: [] },
    { label: "Where you work", kind: "ipLocation", options: [] },
    { label: "Since when", kind: "date", options: [] },
    { label: "What it is for", kind: "select", options: ["Research", "Teaching", "Care", "Something else"] },
    { label: "I will not use it to decide about patients", kind: "checkbox", options: [] },
  ],
  webUrl: `https://hub.example/${NAME}`,
  shares: "The authors learn your user name and your e-mail address.",
};

const standing = (change: Partial<Gate>, words: string, tab = "card") => async (page: Page, app: App) => {
  await answer(page, "gate", () => ({ ...gate, ...change }));
  await page.goto(app.at(`/models/${NAME}?tab=${tab}`));
  await expect(page.getByRole("tabpanel").getByText(words)).toBeVisible();
};

/** Before a repository whose files have to be asked for. */
export const gates: Act = {
  open: inDemo,
  scenes: {
    "gate-ask": standing({}, "The authors look at each request."),
    "gate-files": standing({}, "The authors look at each request.", "files"),
    "gate-bare": standing({ heading: null, text: null, button: null, fields: [], mode: "auto" }, "Access is given as soon"),
    "gate-asked": async (page, app) => {
      await answer(page, "ask_access", () => ({ ...gate, state: "pending" }));
      await standing({}, "The authors look at each request.")(page, app);
      await page.getByRole("button", { name: "Ask for access" }).click();
      await expect(page.getByText(/We look every minute/)).toBeVisible();
    },
    "gate-granted": async (page, app) => {
      await answer(page, "gate", () => ({ ...gate, state: "granted" }));
      const { endpoint, account } = await sessionOf(app);
      const toast = { kind: "accessGranted", repo: { kind: "model", name: NAME }, endpoint, account } as const;
      await tell(page, app, { type: "toast", toast });
      await page.goto(app.at("/models"));
      await expect(page.getByText(/^You have been given access to/)).toBeVisible();
    },
    "gate-declined": standing({ state: "rejected" }, "The authors have declined"),
    "gate-signed-out": standing({ state: "signedOut" }, "Only somebody who is signed in can ask."),
    "gate-not-opened": async (page, app) => {
      await refuse(page, "ask_access", error("internal", "The system cannot open the link: no browser was found."));
      await standing({}, "The authors look at each request.")(page, app);
      await page.getByRole("button", { name: "Ask for access" }).click();
      await expect(page.getByRole("alert")).toContainText("no browser was found");
    },
    "gate-loading": async (page, app) => {
      await hold(page, "gate");
      await page.goto(app.at(`/models/${NAME}`));
      await expect(page.getByText("Asking whether you have access…")).toBeVisible();
    },
    "gate-offline": async (page, app) => {
      await refuse(page, "gate", error("offline", "hub.example cannot be reached.", "Check the network."));
      await page.goto(app.at(`/models/${NAME}`));
      await expect(page.getByRole("alert")).toContainText("The Hub cannot be reached");
    },
  },
};
