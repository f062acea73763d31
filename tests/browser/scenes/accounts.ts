import type { Account } from "../../../ui/src/lib/api/bindings";
import { expect, type App, type Page } from "../fixtures";
import { transfer } from "../queue";
import { answer, error, hold, NOTHING, pretend, refuse } from "../rpc";
import { typeToken } from "../steps";
import type { Act } from "./act";
import { inDemo } from "./discover";
import * as people from "./people";

const welcomed = (page: Page) => expect(page.getByRole("heading", { name: "Welcome to Hubdesk" })).toBeVisible();

/** The welcome page with these accounts. */
const welcome = async (page: Page, app: App, accounts: typeof people.nobody) => {
  await answer(page, "accounts", () => accounts);
  await page.goto(app.at("/welcome"));
  await welcomed(page);
};

/** The ways to sign in, each as far as it goes. */
export const signingIn: Act = {
  open: async ({ page, startApp }) => {
    const app = await startApp({ HF_ENDPOINT: "http://127.0.0.1:1" });
    await page.goto(app.url);
    return app;
  },
  scenes: {
    "sign-in-ways": async (page, app) => {
      await welcome(page, app, people.nobody);
      await expect(page.getByRole("button", { name: "Sign in with the browser" })).toBeVisible();
    },
    "sign-in-found": async (page, app) => {
      await answer(page, "look_inside", () => ({
        names: [
          { name: "work", isActive: true },
          { name: "a-token-for-the-nightly-builds-of-the-laboratory", isActive: false },
        ],
      }));
      await welcome(page, app, people.tools);
      await page.getByRole("button", { name: /^Choose among the tokens/ }).click();
      await expect(page.getByRole("list", { name: "Stored tokens" })).toBeVisible();
    },
    "sign-in-no-browser": async (page, app) => {
      const why =
        "Hubdesk is not registered at https://hub.example, so it cannot sign in there with a browser; a token always works.";
      await welcome(page, app, { ...people.nobody, ways: { ...people.nobody.ways, browser: false, device: false, why } });
      await expect(page.getByText(why)).toBeVisible();
    },
    "sign-in-elsewhere": async (page, app) => {
      const ways = { ...people.nobody.ways, endpoint: people.mira.endpoint };
      await answer(page, "accounts", () => ({ ...people.nobody, ways }));
      await page.goto(app.at("/welcome?hub=https%3A%2F%2Fmirror.example"));
      await expect(page.getByText(/one signs in at the Hub of the settings only/)).toBeVisible();
    },
    "sign-in-keychain-locked": async (page, app) => {
      await welcome(page, app, { ...people.nobody, keychain: people.locked });
      await expect(page.getByRole("region", { name: "The keychain is locked" })).toBeVisible();
    },
    "sign-in-unknown": async (page, app) => {
      await refuse(page, "accounts", error("internal", "Hubdesk could not read the list of accounts."));
      await page.goto(app.at("/welcome"));
      await expect(page.getByRole("alert")).toContainText("list of accounts");
    },
    "sign-in-browser": async (page, app) => {
      await welcome(page, app, people.attempt({}));
      await expect(page.getByText(/^Waiting, /)).toBeVisible();
    },
    "sign-in-device": async (page, app) => {
      await welcome(page, app, people.device());
      await expect(page.getByRole("img", { name: /^QR code/ })).toBeVisible();
    },
    "sign-in-checking": async (page, app) => {
      await welcome(page, app, people.attempt({ state: "checking" }));
      await expect(page.getByText(/^Allowed\./)).toBeVisible();
    },
    "sign-in-denied": async (page, app) => {
      const fault = error("signedOut", "Signing in was refused in the browser.", "Try again and allow it there.");
      await welcome(page, app, people.attempt({ state: "failed", error: fault }));
      await expect(page.getByRole("alert")).toContainText("Signing in did not work");
    },
    "sign-in-report": async (page, app) => {
      await answer(page, "check_token", () => people.report);
      await welcome(page, app, people.nobody);
      await typeToken(page, "hf_whatever");
      await expect(page.getByRole("heading", { name: "This is Mira Holm" })).toBeVisible();
    },
    "sign-in-report-found": async (page, app) => {
      await answer(page, "use_found", () => people.report);
      await welcome(page, app, people.tools);
      await page.getByRole("button", { name: "Use the token of HF_TOKEN" }).click();
      await page.getByRole("radio", { name: "Keep a copy in the keychain" }).check();
      await expect(page.getByRole("region", { name: /no keychain/ })).toBeVisible();
    },
    "keychain-asked": async (page, app) => {
      const endpoint = "https://hub.example";
      await pretend(page, app, { stage: "welcome", endpoint, isRestoring: true }, {});
      await page.goto(app.url);
      await expect(page.getByText("Asking the keychain who was signed in…")).toBeVisible();
    },
  },
};

const settings = async (page: Page, app: App) => {
  await page.goto(app.at("/settings"));
  await expect(page.getByRole("heading", { name: "Accounts" })).toBeVisible();
};

/** Somebody has to sign in again. */
const again = async (page: Page, app: App, account: Account, keychain = people.nobody.keychain) => {
  await answer(page, "accounts", () => ({ ...people.nobody, accounts: [account], keychain }));
  await settings(page, app);
};

const signOut = async (page: Page, app: App) => {
  await answer(page, "accounts", () => people.crowd);
  await settings(page, app);
  await page.getByRole("button", { name: "Sign out…" }).first().click();
  await expect(page.getByRole("dialog", { name: "Sign out" })).toBeVisible();
};

const plan = {
  goes: ["The token is removed from the keychain.", "2 transfers that use it are stopped; what arrived is kept."],
  stays: [
    "What was downloaded stays: 12 repositories in /home/mira/.cache/huggingface/hub.",
    "HF_TOKEN is set, so the command-line tools go on with that: unset it to sign them out.",
  ],
};

/** Who has signed in: the switcher, Settings, signing out. */
export const accounts: Act = {
  open: inDemo,
  scenes: {
    "accounts-switcher": async (page, app) => {
      await answer(page, "accounts", () => ({
        ...people.crowd,
        accounts: [people.mira, { ...people.robot, needsSignIn: "gone" }],
      }));
      await page.goto(app.at("/settings"));
      await page.getByRole("button", { name: /^Account: / }).click();
      await expect(page.getByRole("menuitemradio", { name: /^Mira Holm/ })).toBeVisible();
    },
    "accounts-settings": async (page, app) => {
      await answer(page, "accounts", () => people.crowd);
      await settings(page, app);
      await expect(page.getByRole("article", { name: "Mira Holm" })).toBeVisible();
    },
    "accounts-refused": async (page, app) => {
      await again(page, app, { ...people.mira, needsSignIn: "refused" });
      await expect(page.getByRole("region", { name: "Sign in again" })).toContainText("no longer accepts");
    },
    "accounts-unreadable": async (page, app) => {
      await again(page, app, { ...people.mira, needsSignIn: "unreadable" }, people.locked);
      await expect(page.getByRole("region", { name: "Sign in again" })).toContainText("Unlock the keychain");
    },
    "accounts-gone": async (page, app) => {
      await again(page, app, { ...people.guest, isActive: true, needsSignIn: "gone" });
      await expect(page.getByRole("region", { name: "Sign in again" })).toContainText("no token any more");
    },
    "accounts-not-renewed": async (page, app) => {
      await answer(page, "accounts", () => ({ ...people.nobody, accounts: [{ ...people.guest, isActive: true }] }));
      await settings(page, app);
      await expect(page.getByText("None; sign in again")).toBeVisible();
    },
    "accounts-transfer-waits": async (page, app) => {
      const waiting = transfer({
        endpoint: people.mira.endpoint,
        state: "blocked",
        blocked: "signedOut",
        signInAt: people.mira.endpoint,
        error: error("signedOut", "The token of mira was refused."),
      });
      const refused = { ...people.mira, needsSignIn: "refused" } as const;
      await answer(page, "accounts", () => ({ ...people.nobody, accounts: [refused] }));
      await pretend(page, app, { isDemo: false, account: refused.id }, {
        transfers: [waiting],
        status: { ...NOTHING.status, needsYou: 1 },
      });
      await page.goto(app.at("/transfers"));
      await expect(page.getByText("Somebody has to sign in")).toBeVisible();
    },
    "accounts-none": async (page, app) => {
      await answer(page, "accounts", () => people.nobody);
      await settings(page, app);
      await expect(page.getByRole("heading", { name: "Nobody is signed in" })).toBeVisible();
    },
    "accounts-loading": async (page, app) => {
      await hold(page, "accounts");
      await settings(page, app);
      await expect(page.getByText("Looking who is signed in…")).toBeVisible();
    },
    "accounts-error": async (page, app) => {
      await refuse(page, "accounts", error("internal", "Hubdesk could not read the list of accounts."));
      await settings(page, app);
      await expect(page.getByRole("alert")).toContainText("list of accounts");
    },
    "accounts-not-shared": async (page, app) => {
      const hint = "Change its permissions, or turn this off.";
      await answer(page, "accounts", () => people.crowd);
      await refuse(page, "share_account", error("notWritable", "You may not write stored_tokens.", hint));
      await settings(page, app);
      await page.getByRole("switch", { name: /^Share/ }).first().click();
      await expect(page.getByRole("alert")).toContainText("stored_tokens");
    },
    "accounts-sign-out": async (page, app) => {
      await answer(page, "sign_out_plan", () => plan);
      await signOut(page, app);
      await expect(page.getByRole("heading", { name: "What stays" })).toBeVisible();
    },
    "accounts-sign-out-loading": async (page, app) => {
      await hold(page, "sign_out_plan");
      await signOut(page, app);
      await expect(page.getByText("Working out what would go…")).toBeVisible();
    },
    "accounts-sign-out-error": async (page, app) => {
      await answer(page, "sign_out_plan", () => plan);
      await refuse(page, "sign_out", error("internal", "The keychain did not let go of the token.", "Unlock it."));
      await signOut(page, app);
      await page.getByRole("dialog").getByRole("button", { name: "Sign out", exact: true }).click();
      await expect(page.getByRole("alert")).toContainText("let go");
    },
  },
};
