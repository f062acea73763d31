import type { Account, Accounts, SignIn, TokenReport } from "../../../ui/src/lib/api/bindings";

const HUB = "https://hub.example";
const LINK = `${HUB}/oauth/device?user_code=WXYZ-2345`;

export const nobody: Accounts = {
  accounts: [],
  keychain: { state: "works", why: null },
  found: [],
  overriddenBy: null,
  ways: { endpoint: null, browser: true, device: true, why: null },
  signIn: null,
};

export const mira: Account = {
  id: "mira",
  endpoint: HUB,
  name: "mira",
  fullName: "Mira Holm",
  how: "browser",
  tokenName: null,
  role: null,
  scopes: ["openid", "profile", "read-repos", "gated-repos", "write-discussions"],
  expiresAt: "2099-01-31T18:00:00.000Z",
  limits: ["Creating and deleting repositories and changing their settings will not work."],
  orgs: [
    { name: "aurora-lab", fullName: "Aurora Lab", role: "admin", restricted: [] },
    { name: "willow-clinic", fullName: null, role: "read", restricted: ["mfa", "ip"] },
  ],
  isActive: true,
  kept: "keychain",
  isShared: true,
  isInGit: false,
  renews: true,
  needsSignIn: null,
};

export const robot: Account = {
  ...mira,
  id: "robot",
  endpoint: `https://${"a-rather-long-name-of-a-mirror".repeat(2)}.example`,
  name: "nightly-build-robot-of-the-aurora-laboratory",
  fullName: null,
  how: "token",
  tokenName: "nightly",
  role: "write",
  scopes: [],
  expiresAt: null,
  limits: [],
  orgs: [],
  isActive: false,
  kept: "memory",
  isShared: false,
  isInGit: true,
  renews: false,
};

/** One whose token is where it was found, and does for a week. */
export const guest: Account = {
  ...robot,
  id: "guest",
  endpoint: HUB,
  name: "noor",
  fullName: "Noor Visser",
  how: "environment",
  expiresAt: new Date(Date.now() + 7.1 * 86_400_000).toISOString(),
  kept: "outside",
};

export const crowd: Accounts = { ...nobody, accounts: [mira, robot], overriddenBy: "HF_TOKEN" };

export const tools: Accounts = {
  ...nobody,
  found: [
    { source: "environment", variable: "HF_TOKEN" },
    { source: "tokenFile", path: "/home/mira/.cache/huggingface/token" },
    { source: "storedTokens", path: "/home/mira/.cache/huggingface/stored_tokens" },
  ],
};

export const locked: Accounts["keychain"] = {
  state: "locked",
  why: "Unlock the keychain of your desktop; until then sign-ins last until Hubdesk is closed.",
};

export const report: TokenReport = {
  name: "mira",
  fullName: "Mira Holm",
  endpoint: HUB,
  tokenName: "laptop",
  role: "read",
  scopes: [],
  expiresAt: "2099-01-31T18:00:00.000Z",
  limits: ["It may only read: uploading, creating, deleting and changing settings will not work."],
  keychain: { state: "missing", why: "No keychain answers here, so sign-ins last until Hubdesk is closed." },
};

export const attempt = (change: Partial<SignIn>): Accounts => ({
  ...nobody,
  signIn: {
    way: "browser",
    endpoint: HUB,
    state: "waiting",
    url: `${HUB}/oauth/authorize?client_id=hubdesk`,
    userCode: null,
    qr: null,
    expiresAt: new Date(Date.now() + 290_000).toISOString(),
    error: null,
    ...change,
  },
});

/** A picture of the right size; nobody reads it. */
const qr = Array.from({ length: 33 }, (_, y) =>
  Array.from({ length: 33 }, (_, x) => ((x * 7 + y * 5 + ((x * y) % 3)) % 4 < 2 ? "1" : "0")).join(""),
);

/** One that waits from now on. */
export const device = () => attempt({ way: "device", url: LINK, userCode: "WXYZ-2345", qr });
