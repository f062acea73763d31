// Generated from src-tauri/crates/app/src/api by `make bindings`. Do not edit.

/**
 * An error a person can read and act on. Holds no secret.
 */
export type ApiError = { 
/**
 * What to do differently; the window has words and a button for each.
 */
code: ErrorCode, 
/**
 * What happened, to what: one sentence.
 */
message: string, 
/**
 * What to do next: one sentence.
 */
hint: string | null, 
/**
 * The Hub's name for the request that failed, for its support.
 */
requestId: string | null, };

/**
 * One code for each different thing to do.
 */
export type ErrorCode = "signedOut" | "gated" | "forbidden" | "notFound" | "conflict" | "paymentNeeded" | "unsure" | "rateLimited" | "hubDown" | "offline" | "proxyRefused" | "badAnswer" | "badInput" | "noSpace" | "notWritable" | "badName" | "noHub" | "internal";

/**
 * A repository, by kind and name.
 */
export type RepoRef = { 
/**
 * Its kind.
 */
kind: "model" | "dataset" | "space", 
/**
 * `owner/name`, or just `name`.
 */
name: string, };

/**
 * A repository at a revision.
 */
export type RepoAt = { 
/**
 * Which repository.
 */
repo: RepoRef, 
/**
 * Branch, tag, pull-request ref or commit.
 */
revision: string, };

/**
 * Asks for one page of a list.
 */
export type RepoListRequest = { 
/**
 * Which kind to list.
 */
kind: "model" | "dataset" | "space", 
/**
 * Part of a name; empty lists everything.
 */
search: string, 
/**
 * Where the page before this one ended; `null` for the first.
 */
cursor: string | null, };

/**
 * One page of a list.
 */
export type RepoPage = { 
/**
 * The rows, in the Hub's order.
 */
repos: Array<RepoRow>, 
/**
 * Hand this in for the next page; `null` at the end.
 */
next: string | null, };

/**
 * A repository in a list.
 */
export type RepoRow = { 
/**
 * Which one.
 */
repo: RepoRef, 
/**
 * What it is for, such as `text-generation`.
 */
task: string | null, 
/**
 * What opens it, such as `transformers`; the SDK of a Space.
 */
library: string | null, 
/**
 * Likes.
 */
likes: number, 
/**
 * Downloads in the last 30 days; Spaces have none.
 */
downloads: number | null, 
/**
 * Last change, ISO 8601.
 */
updated: string | null, 
/**
 * Access must be asked for.
 */
isGated: boolean, 
/**
 * Invisible to others.
 */
isPrivate: boolean, 
/**
 * Some revision of it is in the cache.
 */
isHere: boolean, };

/**
 * Everything the repository page shows above the tabs.
 */
export type RepoOverview = { 
/**
 * Which one; the Hub's present name when it was renamed.
 */
repo: RepoRef, 
/**
 * The revision asked for.
 */
revision: string, 
/**
 * The commit it resolves to.
 */
commit: string, 
/**
 * What it is for.
 */
task: string | null, 
/**
 * What opens it.
 */
library: string | null, 
/**
 * Licence, as the card names it.
 */
licence: string | null, 
/**
 * Access must be asked for.
 */
isGated: boolean, 
/**
 * Invisible to others.
 */
isPrivate: boolean, 
/**
 * Likes.
 */
likes: number, 
/**
 * Downloads in the last 30 days.
 */
downloads: number | null, 
/**
 * Last change, ISO 8601.
 */
updated: string | null, 
/**
 * Branch names.
 */
branches: Array<string>, 
/**
 * Tag names.
 */
tags: Array<string>, 
/**
 * Pull-request refs, such as `refs/pr/1`.
 */
pullRequests: Array<string>, 
/**
 * The page on the web.
 */
webUrl: string, };

/**
 * A card, ready to show: HTML from an allow-list, no scripts, no addresses that load by themselves.
 */
export type Card = { 
/**
 * The text. Links carry `href` and open outside.
 */
html: string, 
/**
 * What the front matter says, in its order.
 */
facts: Array<Fact>, 
/**
 * The card was longer than is shown.
 */
isCut: boolean, };

/**
 * One line of a card's front matter.
 */
export type Fact = { 
/**
 * The key.
 */
name: string, 
/**
 * The value, or the values of a list.
 */
values: Array<string>, };

/**
 * All files of one commit.
 */
export type FileList = { 
/**
 * The commit listed.
 */
commit: string, 
/**
 * Files in the order of their paths; folders follow from the paths.
 */
files: Array<FileRow>, 
/**
 * Sum of their sizes.
 */
bytes: number, };

/**
 * One file.
 */
export type FileRow = { 
/**
 * Path from the root of the repository, `/` between parts.
 */
path: string, 
/**
 * Its size.
 */
bytes: number, 
/**
 * Kept outside git (LFS or Xet).
 */
isLarge: boolean, 
/**
 * This commit's file is in the cache.
 */
isHere: boolean, 
/**
 * Why it cannot be downloaded to this machine; `null` when it can.
 */
problem: string | null, };

/**
 * Opens a Hub without an account.
 */
export type OpenHub = { 
/**
 * Base address; `null` takes the one of the settings.
 */
endpoint: string | null, };

/**
 * Opens a link outside the program.
 */
export type OpenLink = { 
/**
 * `https:`, `mailto:`, or an address at the Hub that is open; anything else is refused.
 */
url: string, };

/**
 * Which Hub is open, and as whom.
 */
export type Session = { 
/**
 * Whether a Hub was chosen yet.
 */
stage: SessionStage, 
/**
 * Base address of the open Hub, or of the one the settings name while none is open.
 */
endpoint: string, 
/**
 * The Hub is the one that ships with the program.
 */
isDemo: boolean, 
/**
 * Who is signed in; `null` when anonymous.
 */
user: UserName | null, 
/**
 * Whose account it is; `null` when anonymous, and for the demo.
 */
account: string | null, 
/**
 * The keychain is being asked who was signed in: show the frame, not the welcome page.
 */
isRestoring: boolean, 
/**
 * The cache shared with the other tools of the Hub.
 */
cache: CacheFound, };

/**
 * Before or after the first choice.
 */
export type SessionStage = "welcome" | "open";

/**
 * A person or robot on the Hub.
 */
export type UserName = { 
/**
 * The name in addresses.
 */
name: string, 
/**
 * The name for people, where one is set.
 */
fullName: string | null, 
/**
 * What the token may do (`read`, `write`, `fineGrained`), where the Hub says so.
 */
role: string | null, };

/**
 * What is known of the cache before it is used.
 */
export type CacheFound = { 
/**
 * Its folder.
 */
path: string, 
/**
 * Repository folders in it; 0 when it is new or cannot be read.
 */
repos: number, };

/**
 * All accounts, and what can be said about signing in.
 */
export type Accounts = { 
/**
 * The open one first, then by name.
 */
accounts: Array<Account>, 
/**
 * The place where tokens are kept.
 */
keychain: Keychain, 
/**
 * Sign-ins of the command-line tools that could be used; none was read.
 */
found: Array<Found>, 
/**
 * The variable by which the command-line tools go, whatever is shared with them.
 */
overriddenBy: string | null, 
/**
 * The ways to sign in at the Hub of the settings, besides a token.
 */
ways: Ways, 
/**
 * The attempt under way, or how the last one failed.
 */
signIn: SignIn | null, };

/**
 * Somebody who has signed in.
 */
export type Account = { 
/**
 * Its name in commands.
 */
id: string, 
/**
 * Base address of its Hub.
 */
endpoint: string, 
/**
 * The user's name in addresses.
 */
name: string, 
/**
 * The name for people, where one is set.
 */
fullName: string | null, 
/**
 * How the token came here.
 */
how: How, 
/**
 * What its owner called the token.
 */
tokenName: string | null, 
/**
 * What the token may do (`read`, `write`, `fineGrained`), as the Hub says; `null` for OAuth.
 */
role: string | null, 
/**
 * The OAuth scopes that were granted; none for other tokens.
 */
scopes: Array<string>, 
/**
 * When the token ends, ISO 8601.
 */
expiresAt: string | null, 
/**
 * What will not work with this token, a sentence each; none where everything does.
 */
limits: Array<string>, 
/**
 * The organisations the user belongs to.
 */
orgs: Array<OrgOf>, 
/**
 * It is the one that is open.
 */
isActive: boolean, 
/**
 * Where the token is.
 */
kept: Kept, 
/**
 * The command-line tools were given it, too.
 */
isShared: boolean, 
/**
 * Git's credential helper was given it, too.
 */
isInGit: boolean, 
/**
 * Hubdesk renews the token before it ends; nobody has to do anything about `expires_at`.
 */
renews: boolean, 
/**
 * Why somebody has to sign in before what needs the token goes on; `null` while nobody has to.
 */
needsSignIn: NeedsSignIn | null, };

/**
 * Why an account is of no use until somebody signs in.
 */
export type NeedsSignIn = "refused" | "unreadable" | "gone";

/**
 * An organisation somebody belongs to.
 */
export type OrgOf = { 
/**
 * Its name in addresses.
 */
name: string, 
/**
 * The name for people, where one is set.
 */
fullName: string | null, 
/**
 * What the user may do there (`admin`, `write`, `contributor`, `read`), where the Hub says so.
 */
role: string | null, 
/**
 * Why the token may not be used there (`mfa`, `sso`, `ip`, …); none where it may.
 */
restricted: Array<string>, };

/**
 * How a token came here.
 */
export type How = "browser" | "device" | "token" | "environment" | "commandLine";

/**
 * Where a token is.
 */
export type Kept = "keychain" | "memory" | "outside";

/**
 * The place where tokens are kept.
 */
export type Keychain = { 
/**
 * Whether it can be used.
 */
state: KeychainState, 
/**
 * Why not, and what that means: one sentence.
 */
why: string | null, };

/**
 * Whether the keychain can be used.
 */
export type KeychainState = "checking" | "works" | "missing" | "locked" | "failed";

/**
 * A sign-in of the command-line tools, noticed without being read.
 */
export type Found = { "source": "environment", 
/**
 * The variable.
 */
variable: string, } | { "source": "tokenFile", 
/**
 * Where it is.
 */
path: string, } | { "source": "storedTokens", 
/**
 * Where it is.
 */
path: string, };

/**
 * Which sign-in of the command-line tools is meant.
 */
export type FoundSource = "environment" | "tokenFile" | "storedTokens";

/**
 * The ways to sign in at a Hub, besides a token.
 */
export type Ways = { 
/**
 * Base address of that Hub; `null` where the settings name none.
 */
endpoint: string | null, 
/**
 * With the system's browser.
 */
browser: boolean, 
/**
 * With a code, in a browser anywhere.
 */
device: boolean, 
/**
 * Why not: one sentence.
 */
why: string | null, };

/**
 * An attempt to sign in. There is one at a time.
 */
export type SignIn = { 
/**
 * The way it takes.
 */
way: Way, 
/**
 * Base address of the Hub.
 */
endpoint: string, 
/**
 * How far it is.
 */
state: SignInState, 
/**
 * The page to open, for opening it by hand.
 */
url: string | null, 
/**
 * The code to type there; `device` only.
 */
userCode: string | null, 
/**
 * `url` as a QR code: rows of `0` and `1`, without the quiet zone; `device` only.
 */
qr: Array<string> | null, 
/**
 * When it ends by itself, ISO 8601.
 */
expiresAt: string | null, 
/**
 * Why it failed.
 */
error: ApiError | null, };

/**
 * Where somebody signs in.
 */
export type Way = "browser" | "device";

/**
 * How far an attempt is.
 */
export type SignInState = "starting" | "waiting" | "checking" | "failed";

/**
 * Begins to sign in.
 */
export type StartSignIn = { 
/**
 * The way to take.
 */
way: Way, 
/**
 * Base address; `null` takes the one of the settings.
 */
endpoint: string | null, };

/**
 * A token to look at before it is kept.
 */
export type CheckToken = { 
/**
 * Base address; `null` takes the one of the settings.
 */
endpoint: string | null, 
/**
 * The token. It is kept in memory, for five minutes, and never handed out again.
 */
token: string, };

/**
 * What the Hub says about a token that is not kept yet.
 */
export type TokenReport = { 
/**
 * The user's name in addresses.
 */
name: string, 
/**
 * The name for people, where one is set.
 */
fullName: string | null, 
/**
 * Base address of the Hub.
 */
endpoint: string, 
/**
 * What its owner called the token.
 */
tokenName: string | null, 
/**
 * What it may do, as the Hub says.
 */
role: string | null, 
/**
 * The OAuth scopes that were granted, as far as they are known.
 */
scopes: Array<string>, 
/**
 * When it ends, ISO 8601.
 */
expiresAt: string | null, 
/**
 * What will not work with it, a sentence each; none where everything does.
 */
limits: Array<string>, 
/**
 * Where it would be kept.
 */
keychain: Keychain, };

/**
 * Keeps the token that was looked at last.
 */
export type KeepToken = { 
/**
 * Into the keychain. Where the token was found elsewhere, `false` reads it there at each start;
 * one that was typed is always copied.
 */
copy: boolean, };

/**
 * Reads the names, and no more, in the file with all tokens of the command-line tools.
 */
export type LookInside = { 
/**
 * Only `storedTokens` has names.
 */
source: FoundSource, };

/**
 * The names of stored tokens.
 */
export type Inside = { 
/**
 * In their order.
 */
names: Array<StoredName>, };

/**
 * A stored token without the token.
 */
export type StoredName = { 
/**
 * What it is stored under.
 */
name: string, 
/**
 * It is the one the command-line tools use.
 */
isActive: boolean, };

/**
 * Reads a sign-in of the command-line tools and looks at its token.
 */
export type UseFound = { 
/**
 * Which one.
 */
source: FoundSource, 
/**
 * Which name in it; `storedTokens` only.
 */
name: string | null, };

/**
 * Names one account in a command.
 */
export type AccountRef = { 
/**
 * Which one.
 */
id: string, };

/**
 * Turns something on or off for one account.
 */
export type AccountSwitch = { 
/**
 * Which one.
 */
id: string, 
/**
 * On or off.
 */
isOn: boolean, };

/**
 * What signing out would do.
 */
export type SignOutPlan = { 
/**
 * What goes, a sentence each.
 */
goes: Array<string>, 
/**
 * What stays, a sentence each.
 */
stays: Array<string>, };

/**
 * Names one repository in a command.
 */
export type OfRepo = { 
/**
 * Which one.
 */
repo: RepoRef, };

/**
 * The gate before a repository whose files must be asked for.
 */
export type Gate = { 
/**
 * How this account stands before it.
 */
state: GateState, 
/**
 * Who opens it.
 */
mode: GateMode, 
/**
 * Its authors' heading, plain text.
 */
heading: string | null, 
/**
 * Its authors' words, plain text.
 */
text: string | null, 
/**
 * Its authors' name for the button, plain text.
 */
button: string | null, 
/**
 * What the authors ask for, besides name and e-mail, in their order. It is filled in on the
 * web.
 */
fields: Array<GateField>, 
/**
 * The page on the web, where access is asked for.
 */
webUrl: string, 
/**
 * What the authors learn of who asks: one sentence.
 */
shares: string, };

/**
 * How an account stands before a gate.
 */
export type GateState = "granted" | "ask" | "pending" | "rejected" | "signedOut";

/**
 * Who opens a gate.
 */
export type GateMode = "auto" | "manual" | "other";

/**
 * Something the authors ask for.
 */
export type GateField = { 
/**
 * What it is called, plain text in one line.
 */
label: string, 
/**
 * What kind of answer is wanted.
 */
kind: GateFieldKind, 
/**
 * What can be chosen, plain text; `select` only.
 */
options: Array<string>, };

/**
 * What kind of answer a gate wants.
 */
export type GateFieldKind = "text" | "checkbox" | "date" | "country" | "ipLocation" | "select" | "other";

/**
 * What a person has set. The file on disk holds the same fields.
 */
export type Settings = { 
/**
 * Base address of the Hub; empty takes `HF_ENDPOINT`, or the public Hub.
 */
endpoint: string, 
/**
 * Light or dark.
 */
appearance: Appearance, 
/**
 * Which way requests leave this machine.
 */
proxy: ProxyUse, 
/**
 * Address of the proxy, for `manual`. A name and a password in it are kept for this run of the
 * program only, and are never given out.
 */
proxyAddress: string, 
/**
 * PEM file of certificates to trust beside those of the system; empty for none.
 */
certificates: string, 
/**
 * What the queue may take.
 */
transfers: TransferSettings, };

/**
 * The look of the window.
 */
export type Appearance = "system" | "light" | "dark";

/**
 * Which way requests leave this machine.
 */
export type ProxyUse = "system" | "none" | "manual";

/**
 * What a test of the connection has found, one after the other.
 */
export type Checks = { 
/**
 * The Hub itself first.
 */
checks: Array<Check>, };

/**
 * One host, tried.
 */
export type Check = { 
/**
 * What it is for.
 */
what: Checked, 
/**
 * Its name; empty while it is not known.
 */
host: string, 
/**
 * How it went.
 */
state: CheckState, 
/**
 * The same in a sentence, and why.
 */
words: string, 
/**
 * How long it took, in milliseconds.
 */
ms: number | null, };

/**
 * What a host is for.
 */
export type Checked = "api" | "storage" | "xet";

/**
 * How a test of a host went.
 */
export type CheckState = "works" | "fails" | "notOffered" | "skipped";

/**
 * What a command answered, and whether that is as it is now.
 */
export type Reply = { 
/**
 * The answer, of the command's own form.
 */
answer: unknown, 
/**
 * When the Hub gave it, in milliseconds since 1970, if it cannot be asked now; `null` for what
 * holds now.
 */
asOf: number | null, };

/**
 * What the queue may take, and what it tells.
 */
export type TransferSettings = { 
/**
 * Transfers at work at once, 1 to 8.
 */
atOnce: number, 
/**
 * Bytes per second from the Hub; `null` is no limit.
 */
downloadLimit: number | null, 
/**
 * Bytes per second to the Hub; `null` is no limit.
 */
uploadLimit: number | null, 
/**
 * Times at which other limits hold, at most 14; the first that fits counts.
 */
schedule: Array<LimitWindow>, 
/**
 * Memory for what comes from the chunk store and is not written yet, in MiB: 4 to 256. It is
 * also about what a crash costs.
 */
xetMemoryMiB: number, 
/**
 * The chunk store's client may report about itself to the store.
 */
mayReportXet: boolean, 
/**
 * The desktop is told when transfers have ended, or need a person.
 */
notify: boolean, 
/**
 * Closing the window leaves the program in the tray, where there is one.
 */
inTray: boolean, };

/**
 * A time at which other limits hold, by the clock on the wall.
 */
export type LimitWindow = { 
/**
 * The days it begins on: 1 is Monday, 7 Sunday.
 */
days: Array<number>, 
/**
 * When it begins, `HH:MM`.
 */
from: string, 
/**
 * When it ends, `HH:MM`. Not after `from`: on the next day, so equal times are a whole day.
 */
to: string, 
/**
 * Bytes per second from the Hub then; `null` is no limit.
 */
downloadLimit: number | null, 
/**
 * Bytes per second to the Hub then; `null` is no limit.
 */
uploadLimit: number | null, };

/**
 * What to download, and to where.
 */
export type DownloadRequest = { 
/**
 * From where.
 */
repo: RepoRef, 
/**
 * Branch, tag, pull-request ref or commit.
 */
revision: string, 
/**
 * Which files.
 */
selection: Selection, 
/**
 * To where.
 */
into: Into, };

/**
 * Which files.
 */
export type Selection = { "type": "everything" } | { "type": "files", 
/**
 * Paths in the repository.
 */
paths: Array<string>, } | { "type": "patterns", 
/**
 * At least one must match; empty is everything.
 */
include: Array<string>, 
/**
 * None may match.
 */
exclude: Array<string>, } | { "type": "variant", 
/**
 * The id of a [`Variant`].
 */
id: string, };

/**
 * To where.
 */
export type Into = { "type": "cache" } | { "type": "folder", 
/**
 * Which one.
 */
folder: string, };

/**
 * Adds a download to the queue.
 */
export type StartDownload = { 
/**
 * From where.
 */
repo: RepoRef, 
/**
 * Branch, tag, pull-request ref or commit.
 */
revision: string, 
/**
 * Which files.
 */
selection: Selection, 
/**
 * To where.
 */
into: Into, 
/**
 * How urgent it is.
 */
class: TransferClass, 
/**
 * Files of a person's own that are in the way in a folder are replaced. Otherwise nothing is
 * fetched while there is one.
 */
overwrite: boolean, };

/**
 * What a download would do, before it does it.
 */
export type DownloadPlan = { 
/**
 * The commit the revision resolves to.
 */
commit: string, 
/**
 * Files chosen.
 */
files: number, 
/**
 * Their sizes together.
 */
bytes: number, 
/**
 * Files that are here already.
 */
filesHere: number, 
/**
 * Bytes still to be fetched; a download that was interrupted counts what it has.
 */
bytesToFetch: number, 
/**
 * Bytes it adds to the volume, with copies of what is elsewhere on this computer.
 */
bytesSpace: number, 
/**
 * Free space of the volume.
 */
bytesFree: number, 
/**
 * Where the volume begins.
 */
volume: string, 
/**
 * Requests for files this takes when nothing fails.
 */
requests: number, 
/**
 * The folder the files will be found in.
 */
folder: string, 
/**
 * The first hundred files of a person's own that are in the way.
 */
conflicts: Array<string>, 
/**
 * How many there are.
 */
conflictsTotal: number, };

/**
 * What there is to choose for a download.
 */
export type Choices = { 
/**
 * The forms the model comes in, the smallest first within each format; none where nothing
 * tells them apart.
 */
variants: Array<Variant>, 
/**
 * Memory of this machine, in bytes; `null` when it cannot be told.
 */
memoryBytes: number | null, 
/**
 * Folders used lately, the last one first.
 */
folders: Array<KnownFolder>, };

/**
 * One of the forms a model comes in.
 */
export type Variant = { 
/**
 * Its name in requests.
 */
id: string, 
/**
 * What kind of files it is made of.
 */
group: VariantGroup, 
/**
 * What tells it from the others, such as `Q4_K_M`.
 */
name: string, 
/**
 * The first of its own files.
 */
detail: string, 
/**
 * Files, with those it needs besides.
 */
files: number, 
/**
 * Bytes of all of them.
 */
bytes: number, 
/**
 * Whether it is worth a try on this machine, in its memory and on the disk of the cache.
 */
fits: Fits, 
/**
 * All of it is in the cache.
 */
isHere: boolean, };

/**
 * What kind of files a variant is made of.
 */
export type VariantGroup = "gguf" | "safetensors" | "onnx";

/**
 * Whether a variant is worth a try on this machine. A rule of thumb: a long context takes more.
 */
export type Fits = "yes" | "tight" | "no" | "notOnDisk";

/**
 * A folder a person has chosen.
 */
export type KnownFolder = { 
/**
 * Its name in requests.
 */
id: string, 
/**
 * Where it is, for reading.
 */
path: string, };

/**
 * Names one transfer in a command.
 */
export type TransferRef = { 
/**
 * Which one.
 */
id: number, };

/**
 * Puts a transfer elsewhere in the queue.
 */
export type MoveTransfer = { 
/**
 * Which one.
 */
id: number, 
/**
 * The one it comes just before, whose class it gets; `null` puts it behind everything of its
 * own.
 */
before: number | null, };

/**
 * Has a transfer go elsewhere.
 */
export type RedirectTransfer = { 
/**
 * Which one.
 */
id: number, 
/**
 * To where: a folder that a person has chosen.
 */
folder: string, };

/**
 * Makes a transfer more or less urgent.
 */
export type SetTransferClass = { 
/**
 * Which one.
 */
id: number, 
/**
 * The class at whose end it comes.
 */
class: TransferClass, };

/**
 * Asks for some of the files of a transfer.
 */
export type TransferFilesRequest = { 
/**
 * Of which one.
 */
id: number, 
/**
 * Files to pass over, in the order of their paths.
 */
after: number, 
/**
 * How many, at most; never more than 1,000.
 */
limit: number, 
/**
 * Only those that stand so; `null` for all.
 */
state: FileState | null, };

/**
 * Some of the files of a transfer, in the order of their paths.
 */
export type TransferFiles = { 
/**
 * The files.
 */
files: Array<TransferFile>, 
/**
 * How many there are. 0 while the transfer does not know its files, and again when it has
 * long ended.
 */
total: number, };

/**
 * A file of a transfer.
 */
export type TransferFile = { 
/**
 * Its path in the repository.
 */
path: string, 
/**
 * How it stands; up to a second old.
 */
state: FileState, 
/**
 * Its size.
 */
bytesTotal: number, 
/**
 * Bytes that are here.
 */
bytesDone: number, };

/**
 * How a file of a transfer stands.
 */
export type FileState = "waiting" | "running" | "done" | "failed";

/**
 * One transfer as it stands.
 */
export type Transfer = { 
/**
 * Its id.
 */
id: number, 
/**
 * What it does.
 */
kind: TransferKind, 
/**
 * What people see of it: the repository's name.
 */
title: string, 
/**
 * From where; `null` when a newer Hubdesk has asked for something that this one cannot read.
 */
repo: RepoRef | null, 
/**
 * Base address of its Hub, which may be another than the one that is open.
 */
endpoint: string, 
/**
 * Whose token it uses, by the user's name; `null` for nobody's.
 */
account: string | null, 
/**
 * The revision asked for.
 */
revision: string, 
/**
 * Which files were asked for.
 */
chosen: Chosen, 
/**
 * Where they go.
 */
into: Destination, 
/**
 * How urgent it is.
 */
class: TransferClass, 
/**
 * How it stands.
 */
state: TransferState, 
/**
 * What it is doing now; of interest while it runs.
 */
stage: Stage, 
/**
 * What it waits for, in words, when it waits for something; to stand after "waiting for".
 */
waitingFor: string | null, 
/**
 * When it goes on by itself, ISO 8601; `null` when that is not a matter of time.
 */
waitsUntil: string | null, 
/**
 * What a person has to do before it goes on; `error` has words for it.
 */
blocked: BlockReason | null, 
/**
 * The Hub at which somebody has to sign in before it goes on; `null` when it waits for
 * something else, or for nothing.
 */
signInAt: string | null, 
/**
 * Files of the job; 0 until the plan is known.
 */
filesTotal: number, 
/**
 * Files finished.
 */
filesDone: number, 
/**
 * Bytes of the job; 0 until the plan is known.
 */
bytesTotal: number, 
/**
 * Bytes here. Never smaller than it was a moment ago.
 */
bytesDone: number, 
/**
 * Speed of the last seconds, in bytes per second.
 */
bytesPerSecond: number, 
/**
 * Seconds to go at that speed; `null` when there is no telling.
 */
secondsLeft: number | null, 
/**
 * Where the files are, or will be; `null` until the commit is known. For reading: to open it,
 * name the transfer.
 */
folder: string | null, 
/**
 * Why it stands so, when it waits, is blocked or has failed.
 */
error: ApiError | null, 
/**
 * When it was asked for, ISO 8601.
 */
createdAt: string, 
/**
 * When it ended, ISO 8601; `null` while it has not.
 */
endedAt: string | null, };

/**
 * What a transfer does.
 */
export type TransferKind = "download" | "upload";

/**
 * Which files were asked for, for reading.
 */
export type Chosen = { "type": "everything" } | { "type": "files", 
/**
 * How many.
 */
count: number, } | { "type": "patterns", 
/**
 * At least one must match; empty is everything.
 */
include: Array<string>, 
/**
 * None may match.
 */
exclude: Array<string>, } | { "type": "variant", 
/**
 * Its name, such as `Q4_K_M`.
 */
name: string, } | { "type": "sources", 
/**
 * Where the first ten of them are.
 */
paths: Array<string>, 
/**
 * How many there are.
 */
count: number, };

/**
 * Where files go, for reading.
 */
export type Destination = { "type": "cache" } | { "type": "folder", 
/**
 * Where it is.
 */
path: string, } | { "type": "repo", 
/**
 * By a pull request.
 */
isPullRequest: boolean, };

/**
 * How urgent a transfer is.
 */
export type TransferClass = "interactive" | "normal" | "background";

/**
 * How a transfer stands.
 */
export type TransferState = "queued" | "running" | "paused" | "waiting" | "blocked" | "done" | "failed" | "cancelled";

/**
 * What a person has to do before a transfer goes on.
 */
export type BlockReason = "signedOut" | "gated" | "noSpace" | "conflict" | "readOnly" | "volumeGone" | "secret" | "newerRequest";

/**
 * What a transfer that runs is doing.
 */
export type Stage = "walking" | "listing" | "reading" | "sending" | "committing" | "waiting" | "downloading" | "verifying" | "linking";

/**
 * A file or folder a person has chosen or dropped.
 */
export type KnownSource = { 
/**
 * Its name in requests.
 */
id: string, 
/**
 * Its own name.
 */
name: string, 
/**
 * Where it is, for reading.
 */
path: string, 
/**
 * Whether it is a folder.
 */
isFolder: boolean, 
/**
 * The length of a file in bytes; 0 of a folder.
 */
bytes: number, };

/**
 * What to upload, and to where.
 */
export type UploadRequest = { 
/**
 * To where.
 */
repo: RepoRef, 
/**
 * How the repository is made if it is not there; `null` when it has to be.
 */
create: CreateRepo | null, 
/**
 * On top of what.
 */
onto: UploadOnto, 
/**
 * What; of two files for one place the later one counts.
 */
sources: Array<UploadSource>, 
/**
 * Which files of folders: at least one must match; empty is everything.
 */
include: Array<string>, 
/**
 * Which files of folders: none may match.
 */
exclude: Array<string>, 
/**
 * What systems and editors leave about stays here.
 */
leaveOutJunk: boolean, 
/**
 * What `.gitignore` and `.hfignore` files say stays here.
 */
leaveOutIgnored: boolean, 
/**
 * What goes from the repository; `null` for nothing.
 */
remove: UploadRemoval | null, };

/**
 * How a repository is made.
 */
export type CreateRepo = { 
/**
 * Who sees it.
 */
visibility: RepoVisibility, 
/**
 * What a Space is built with; `null` for what is none.
 */
sdk: SpaceSdk | null, };

/**
 * Who sees a repository.
 */
export type RepoVisibility = "public" | "private" | "protected";

/**
 * What a Space is built with.
 */
export type SpaceSdk = "gradio" | "docker" | "static";

/**
 * On top of what commits are made.
 */
export type UploadOnto = { "type": "branch", 
/**
 * Which.
 */
name: string, 
/**
 * It is begun at `main` if it is not there.
 */
create: boolean, } | { "type": "pullRequest" };

/**
 * Something on this machine, and its place in the repository.
 */
export type UploadSource = { 
/**
 * What.
 */
source: string, 
/**
 * For a file its path, for a folder where its content goes: empty for the root.
 */
to: string, };

/**
 * What goes from the repository with the first commit: never what is uploaded.
 */
export type UploadRemoval = { 
/**
 * Below this folder; empty is everywhere.
 */
below: string, 
/**
 * What matches one of these there.
 */
patterns: Array<string>, };

/**
 * Adds an upload to the queue.
 */
export type StartUpload = { 
/**
 * What, and to where.
 */
upload: UploadRequest, 
/**
 * The first line of what the commits say; empty for the usual one.
 */
title: string, 
/**
 * The rest; may be empty.
 */
description: string, 
/**
 * Paths of files that may be published although they hold a secret.
 */
acknowledged: Array<string>, 
/**
 * The commit the preview was compared with; `null` without one. What others have changed at
 * the same paths since is not replaced.
 */
expect: string | null, 
/**
 * How urgent it is.
 */
class: TransferClass, };

/**
 * Asks to what somebody can upload.
 */
export type UploadTargetsRequest = { 
/**
 * Which kind of repository.
 */
kind: "model" | "dataset" | "space", };

/**
 * To what somebody can upload, as far as that is known before it is tried.
 */
export type UploadTargets = { 
/**
 * Whose repositories they may write to: themselves first, then their organisations.
 */
owners: Array<string>, 
/**
 * Those repositories, by name: the most recent hundred of each owner.
 */
repos: Array<string>, 
/**
 * Why nothing can be uploaded with this sign-in: one sentence.
 */
cannotWrite: string | null, 
/**
 * Why no repository can be made with it: one sentence.
 */
cannotCreate: string | null, };

/**
 * Lets an upload go on that has stopped at a secret.
 */
export type AcknowledgeSecrets = { 
/**
 * Which transfer.
 */
id: number, 
/**
 * Paths in the repository of files that may be published although they hold a secret, besides
 * those that were named before.
 */
paths: Array<string>, };

/**
 * Names a preview.
 */
export type PreviewRef = { 
/**
 * Which one.
 */
id: number, };

/**
 * What an upload would do, as far as that is known.
 */
export type UploadPreview = { "type": "looking", 
/**
 * What is done just now.
 */
stage: PreviewStage, 
/**
 * Files there are; 0 until that is known.
 */
filesTotal: number, 
/**
 * Files looked at.
 */
filesDone: number, 
/**
 * Bytes there are; 0 until that is known.
 */
bytesTotal: number, 
/**
 * Bytes looked at.
 */
bytesDone: number, } | { "type": "ready", 
/**
 * What it is.
 */
plan: UploadPlan, } | { "type": "failed", 
/**
 * Why.
 */
error: ApiError, };

/**
 * What is done for a preview.
 */
export type PreviewStage = "walking" | "listing" | "reading";

/**
 * What an upload would do.
 */
export type UploadPlan = { 
/**
 * The commit it was compared with, for `expect`; `null` if the repository is to be made.
 */
base: string | null, 
/**
 * How many files there are of each kind, and their bytes; kinds without any are not named.
 */
counts: Array<FateCount>, 
/**
 * Files that would be sent.
 */
filesToSend: number, 
/**
 * Their bytes.
 */
bytesToSend: number, 
/**
 * Commits it would take; more if the Hub asks for smaller ones.
 */
commits: number, 
/**
 * What to know before: what holds everything up first, and at most 1,000.
 */
findings: Array<UploadFinding>, 
/**
 * How many there are.
 */
findingsTotal: number, };

/**
 * Files of one kind.
 */
export type FateCount = { 
/**
 * The kind.
 */
fate: FileFate, 
/**
 * How many.
 */
files: number, 
/**
 * Their bytes together; 0 of what stays here or goes.
 */
bytes: number, };

/**
 * What would become of a file.
 */
export type FileFate = "new" | "changed" | "same" | "ignored" | "leftOut" | "removed";

/**
 * Asks for some of the files of a preview.
 */
export type PreviewFilesRequest = { 
/**
 * Of which preview.
 */
id: number, 
/**
 * Files to pass over.
 */
after: number, 
/**
 * How many, at most; never more than 1,000.
 */
limit: number, 
/**
 * Only these; `null` for all.
 */
fate: FileFate | null, };

/**
 * Some of the files of a preview: by their paths, then what stays here, then what goes.
 */
export type PreviewFiles = { 
/**
 * The files.
 */
files: Array<PreviewFile>, 
/**
 * How many there are.
 */
total: number, };

/**
 * A file of a preview.
 */
export type PreviewFile = { 
/**
 * Its path in the repository; on this machine if it stays here.
 */
path: string, 
/**
 * Its length in bytes; 0 if it stays here or goes.
 */
bytes: number, 
/**
 * What would become of it.
 */
fate: FileFate, 
/**
 * It travels on its own, before the commit.
 */
isLarge: boolean, 
/**
 * Why it stays here, or what is wrong with publishing it, to stand after its name.
 */
why: string | null, };

/**
 * Something to know before uploading.
 */
export type UploadFinding = { 
/**
 * What can be done about it.
 */
kind: FindingKind, 
/**
 * The file it is about: in the repository, or on this machine if it stays here.
 */
path: string | null, 
/**
 * What it is: one sentence.
 */
message: string, 
/**
 * What to do: one sentence.
 */
hint: string, 
/**
 * Nothing is sent before it is dealt with.
 */
isBlocking: boolean, };

/**
 * What can be done about a finding.
 */
export type FindingKind = "secret" | "tooLong" | "advice" | "staysHere" | "noCard" | "badCard" | "noApp";

/**
 * What an upload has led to.
 */
export type UploadResult = { 
/**
 * The commit before the first one; `null` if nothing was committed.
 */
base: string | null, 
/**
 * The commits so far, in order; none if nothing had changed.
 */
commits: Array<UploadedCommit>, 
/**
 * The pull request, if one was opened.
 */
pullRequest: UploadedPullRequest | null, 
/**
 * The repository on the web.
 */
url: string, };

/**
 * A commit that was made.
 */
export type UploadedCommit = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its page.
 */
url: string, };

/**
 * A pull request that was opened.
 */
export type UploadedPullRequest = { 
/**
 * Its number.
 */
number: number, 
/**
 * Its page.
 */
url: string, };

/**
 * Names a change that was planned.
 */
export type ChangeRef = { 
/**
 * Which one.
 */
id: number, };

/**
 * What taking back an upload would do.
 */
export type UndoPlan = { 
/**
 * Its name in `run_undo`.
 */
id: number, 
/**
 * The branch on which it is taken back.
 */
branch: string, 
/**
 * The pull request whose branch that is; it stays open.
 */
pullRequest: number | null, 
/**
 * Files that the upload has brought, and that go.
 */
removed: number, 
/**
 * Files that become again what they were.
 */
restored: number, 
/**
 * Files that were removed, and come back.
 */
broughtBack: number, 
/**
 * Files that stay as they are, since others have changed them.
 */
leftAlone: number, 
/**
 * Files that are as before already.
 */
asBefore: number, 
/**
 * Bytes that come by way of this computer, of small files; large ones stay where they are.
 */
bytesFetched: number, 
/**
 * Which files, those that stay first; at most 1,000.
 */
files: Array<UndoFile>, 
/**
 * How many there are.
 */
filesTotal: number, };

/**
 * A file that taking back is about.
 */
export type UndoFile = { 
/**
 * Its path in the repository.
 */
path: string, 
/**
 * What would become of it.
 */
fate: UndoFate, 
/**
 * Why it stays as it is, to stand after its name.
 */
why: string | null, };

/**
 * What taking back would do to a file.
 */
export type UndoFate = "leftAlone" | "removed" | "restored" | "broughtBack";

/**
 * Copies, moves and deletions within a repository, all at once.
 */
export type RearrangeRequest = { 
/**
 * In which repository.
 */
repo: RepoRef, 
/**
 * On top of what.
 */
onto: UploadOnto, 
/**
 * What to do. Each act sees what was there before any of them.
 */
acts: Array<RearrangeAct>, 
/**
 * Whether files that are there may be replaced.
 */
overwrite: boolean, 
/**
 * The first line of what the commits say; empty for the usual one.
 */
title: string, 
/**
 * The rest; may be empty.
 */
description: string, };

/**
 * One thing to do with a file, or with a folder and everything in it.
 */
export type RearrangeAct = { "type": "copy", 
/**
 * Where it is, if that is another repository, or another revision of this one.
 */
elsewhere: CopySource | null, 
/**
 * Its path there.
 */
from: string, 
/**
 * Its path here.
 */
to: string, } | { "type": "move", 
/**
 * Where it is.
 */
from: string, 
/**
 * Where it is then.
 */
to: string, } | { "type": "delete", 
/**
 * Where it is.
 */
path: string, };

/**
 * Where something is copied from.
 */
export type CopySource = { 
/**
 * Which repository.
 */
repo: RepoRef, 
/**
 * At which revision.
 */
revision: string, };

/**
 * Whether copies, moves and deletions can be made.
 */
export type Rearranging = { "type": "ready", 
/**
 * What they would do.
 */
plan: RearrangePlan, } | { "type": "refused", 
/**
 * What is in the way; at most 1,000.
 */
obstacles: Array<Obstacle>, 
/**
 * How many there are.
 */
obstaclesTotal: number, };

/**
 * What copies, moves and deletions would do.
 */
export type RearrangePlan = { 
/**
 * Its name in `run_rearrange`.
 */
id: number, 
/**
 * Files that stay, and are at another place as well.
 */
copied: number, 
/**
 * Files that are at another place.
 */
moved: number, 
/**
 * Files that are gone.
 */
deleted: number, 
/**
 * Files that others take the place of.
 */
replaced: number, 
/**
 * Files that are at their new place already.
 */
same: number, 
/**
 * Bytes that come by way of this computer, of small files.
 */
bytesFetched: number, 
/**
 * Bytes of large files, which stay on the Hub.
 */
bytesKept: number, };

/**
 * Something that is in the way of a copy, move or deletion.
 */
export type Obstacle = { 
/**
 * What it is.
 */
kind: ObstacleKind, 
/**
 * At which path.
 */
path: string, 
/**
 * In one sentence.
 */
message: string, };

/**
 * What is in the way of a copy, move or deletion.
 */
export type ObstacleKind = "missing" | "intoItself" | "occupied" | "inTheWay" | "twice" | "name";

/**
 * Says what becomes of what is at work when the window is closed.
 */
export type AnswerQuit = { 
/**
 * What.
 */
answer: QuitAnswer, };

/**
 * What becomes of what is at work when the window is closed.
 */
export type QuitAnswer = "background" | "quit" | "stay";

/**
 * What an answer is made of, and so what makes it old.
 */
export type Tag = "session" | "settings" | "repoList" | "repo" | "cache" | "accounts" | "folders";

/**
 * What Rust tells the window by itself. The first one is always a snapshot.
 */
export type UiEvent = { "type": "snapshot", 
/**
 * Which Hub is open.
 */
session: Session, 
/**
 * What is going on.
 */
board: Board, } | { "type": "stale", 
/**
 * What changed.
 */
tags: Array<Tag>, } | { "type": "transfers", 
/**
 * Transfers that are new, or stand otherwise.
 */
changed: Array<Transfer>, 
/**
 * Those that are not in the list any more.
 */
removed: Array<number>, 
/**
 * All of them in their order, if that is another one than before.
 */
order: Array<number> | null, 
/**
 * As in a board.
 */
isAllPaused: boolean, 
/**
 * The bar at the bottom.
 */
status: Status, } | { "type": "quitAsked", 
/**
 * There is a tray from which the window can be opened again.
 */
canHide: boolean, } | { "type": "dragOver", 
/**
 * How many; 0 when none is any more, be it that they were dropped.
 */
count: number, } | { "type": "dropped", 
/**
 * What they are; what is neither is not named.
 */
sources: Array<KnownSource>, } | { "type": "toast", 
/**
 * What.
 */
toast: Toast, } | { "type": "hubWarning", 
/**
 * What it is about, in the Hub's word; may be empty.
 */
topic: string, 
/**
 * What it says: plain text, 500 characters at most.
 */
message: string, 
/**
 * Base address of the Hub that says it.
 */
endpoint: string, };

/**
 * Something to tell a person once.
 */
export type Toast = { "kind": "accessGranted", 
/**
 * To which repository.
 */
repo: RepoRef, 
/**
 * At which Hub.
 */
endpoint: string, 
/**
 * To whom.
 */
account: string | null, } | { "kind": "queueSetAside", 
/**
 * Where the old file is now.
 */
path: string, } | { "kind": "queueInMemory", 
/**
 * Why: one sentence.
 */
why: string, };

/**
 * All transfers, and the status bar.
 */
export type Board = { 
/**
 * Unfinished ones first, in the order of the queue; then finished ones, newest first, until
 * they are cleared.
 */
transfers: Array<Transfer>, 
/**
 * Something is unfinished, and all that is, is paused.
 */
isAllPaused: boolean, 
/**
 * The bar at the bottom.
 */
status: Status, };

/**
 * The status bar.
 */
export type Status = { 
/**
 * Transfers at work.
 */
running: number, 
/**
 * Those whose turn has not come.
 */
queued: number, 
/**
 * Those that go on by themselves later.
 */
waiting: number, 
/**
 * Those a person has stopped for a while.
 */
paused: number, 
/**
 * Those for which a person has to do something.
 */
needsYou: number, 
/**
 * Downwards, all transfers together, in bytes per second.
 */
bytesPerSecond: number, 
/**
 * Upwards, the same.
 */
uploadBytesPerSecond: number, 
/**
 * Seconds until the last of them ends at that speed.
 */
secondsLeft: number | null, 
/**
 * What was asked of a Hub last was answered, be it by a refusal.
 */
isOnline: boolean, 
/**
 * The environment says that nothing may be asked of the Hub.
 */
isToldOffline: boolean, 
/**
 * Seconds that requests wait for the Hub's limit; `null` while none waits.
 */
hubWaitSeconds: number | null, 
/**
 * Free space of the volume that holds the cache; `null` when it cannot be read.
 */
bytesFree: number | null, 
/**
 * What is wrong with the queue on disk, in one sentence: changes cannot be kept just now, and
 * nothing new begins meanwhile; or it is kept in memory only; or it was damaged and begun anew.
 */
queueTrouble: string | null, };

/** Every command: what goes in and what comes out. */
export interface Commands {
  /** Which Hub is open, and as whom. */
  session: { request: null; answer: Session };
  /** Opens a Hub without an account. */
  open_hub: { request: OpenHub; answer: Session };
  /** Opens the Hub that ships with the program. */
  open_demo: { request: null; answer: Session };
  /** Back to the welcome page; what runs goes on. */
  close_hub: { request: null; answer: Session };
  /** Opens a web or mail address outside the program. */
  open_link: { request: OpenLink; answer: null };
  /** Who has signed in, and what can be said about signing in. */
  accounts: { request: null; answer: Accounts };
  /** Begins to sign in, in the place of an attempt that is under way. */
  start_sign_in: { request: StartSignIn; answer: Accounts };
  /** Ends the attempt that is under way, and forgets one that failed. */
  cancel_sign_in: { request: null; answer: Accounts };
  /** Asks the Hub whose a token is, and remembers it for five minutes. */
  check_token: { request: CheckToken; answer: TokenReport };
  /** Keeps the token that was looked at last, and opens its Hub with it. */
  keep_token: { request: KeepToken; answer: Session };
  /** Reads the names of the command-line tools' stored tokens. */
  look_inside: { request: LookInside; answer: Inside };
  /** Reads a sign-in of the command-line tools and asks the Hub whose it is. */
  use_found: { request: UseFound; answer: TokenReport };
  /** Opens an account's Hub. */
  switch_account: { request: AccountRef; answer: Session };
  /** What signing out would do. */
  sign_out_plan: { request: AccountRef; answer: SignOutPlan };
  /** Signs an account out. */
  sign_out: { request: AccountRef; answer: Session };
  /** Gives an account to the command-line tools, or takes it back. */
  share_account: { request: AccountSwitch; answer: Accounts };
  /** Gives an account to git's credential helper, or takes it back. */
  give_to_git: { request: AccountSwitch; answer: Accounts };
  /** Asks the keychain again, and moves into it what is in memory. */
  retry_keychain: { request: null; answer: Accounts };
  /** What a person has set. */
  settings: { request: null; answer: Settings };
  /** Keeps what a person has set. A new address holds from the next time a Hub is opened, everything else at once. */
  save_settings: { request: Settings; answer: Settings };
  /** Tries the Hub, its storage and its Xet host, and says which one fails and why. */
  test_connection: { request: null; answer: Checks };
  /** One page of the repositories of a kind. */
  repo_list: { request: RepoListRequest; answer: RepoPage };
  /** Everything the repository page shows above the tabs. */
  repo_overview: { request: RepoAt; answer: RepoOverview };
  /** The card, or `null` when the repository has none. */
  repo_card: { request: RepoAt; answer: Card | null };
  /** All files of a revision. */
  repo_files: { request: RepoAt; answer: FileList };
  /** The gate before a repository whose files must be asked for. */
  gate: { request: OfRepo; answer: Gate };
  /** Opens the page where access is asked for, and looks for the grant from then on. */
  ask_access: { request: OfRepo; answer: Gate };
  /** The window is looked at again: what was done in the browser may be there. */
  window_focused: { request: null; answer: null };
  /** What there is to choose for a download: the forms the model comes in, and folders. */
  download_choices: { request: RepoAt; answer: Choices };
  /** Lets a person choose a folder; `null` when they choose none. */
  pick_folder: { request: null; answer: KnownFolder | null };
  /** What a download would do. */
  plan_download: { request: DownloadRequest; answer: DownloadPlan };
  /** Adds a download to the queue; its progress comes as events. */
  start_download: { request: StartDownload; answer: number };
  /** Stops a transfer for a while, also over the end of the program. */
  pause_transfer: { request: TransferRef; answer: null };
  /** Lets a paused transfer go on when its turn comes. */
  resume_transfer: { request: TransferRef; answer: null };
  /** Stops a transfer and keeps what arrived. */
  cancel_transfer: { request: TransferRef; answer: null };
  /** Tries a transfer again that waits, is blocked, has failed or was cancelled, from where it stopped. */
  retry_transfer: { request: TransferRef; answer: null };
  /** Tries a blocked transfer again, and replaces what is in its way: files here, or what others have changed at the Hub. */
  overwrite_transfer: { request: TransferRef; answer: null };
  /** Has a transfer that waits, is blocked or has failed go to another folder, and tries it there. */
  redirect_transfer: { request: RedirectTransfer; answer: null };
  /** Forgets a transfer that has ended. */
  remove_transfer: { request: TransferRef; answer: null };
  /** Puts a transfer elsewhere in the queue. */
  move_transfer: { request: MoveTransfer; answer: null };
  /** Makes a transfer more or less urgent. */
  set_transfer_class: { request: SetTransferClass; answer: null };
  /** Pauses everything that has not ended. */
  pause_all: { request: null; answer: null };
  /** Resumes everything that is paused. */
  resume_all: { request: null; answer: null };
  /** Forgets the transfers that have ended. */
  clear_transfers: { request: null; answer: null };
  /** Some of the files of a transfer. */
  transfer_files: { request: TransferFilesRequest; answer: TransferFiles };
  /** Shows a transfer's folder in the file manager. */
  show_folder: { request: TransferRef; answer: null };
  /** Lets a person choose files to upload; none when they choose none. */
  pick_files: { request: null; answer: Array<KnownSource> };
  /** Lets a person choose a folder to upload; none when they choose none. */
  pick_source_folder: { request: null; answer: Array<KnownSource> };
  /** What a person has copied in a file manager, to upload it; none when that is something else. For Ctrl+V: the web view gives a page no names of files. */
  paste_files: { request: null; answer: Array<KnownSource> };
  /** To what somebody can upload. */
  upload_targets: { request: UploadTargetsRequest; answer: UploadTargets };
  /** Begins to find out what an upload would do; changes nothing at the Hub. The last few previews are kept. */
  start_preview: { request: UploadRequest; answer: number };
  /** How far a preview is, and what it has found. */
  upload_preview: { request: PreviewRef; answer: UploadPreview };
  /** Some of the files of a preview that is ready. */
  preview_files: { request: PreviewFilesRequest; answer: PreviewFiles };
  /** Stops and forgets a preview. */
  close_preview: { request: PreviewRef; answer: null };
  /** Adds an upload to the queue; its progress comes as events. */
  start_upload: { request: StartUpload; answer: number };
  /** Lets an upload go on that has stopped at secrets. */
  acknowledge_secrets: { request: AcknowledgeSecrets; answer: null };
  /** What an upload has led to so far. */
  upload_result: { request: TransferRef; answer: UploadResult };
  /** Finds out what holds up an upload that has stopped at secrets: a preview of what it would do now. */
  preview_transfer: { request: TransferRef; answer: number };
  /** What taking back an upload that has ended would do. Changes nothing. */
  plan_undo: { request: TransferRef; answer: UndoPlan };
  /** Takes an upload back as it was planned, by a commit. Asked again, it goes on; what is done is not done twice. */
  run_undo: { request: ChangeRef; answer: UploadResult };
  /** Whether copies, moves and deletions can be made, and what they would do. Changes nothing. */
  plan_rearrange: { request: RearrangeRequest; answer: Rearranging };
  /** Makes copies, moves and deletions as they were planned. Asked again, it goes on. */
  run_rearrange: { request: ChangeRef; answer: UploadResult };
  /** Says what becomes of what is at work when the window is closed. */
  answer_quit: { request: AnswerQuit; answer: null };
}

/** What each command's answer is made of. */
export const reads: Record<keyof Commands, readonly Tag[]> = {
  session: ["session"],
  open_hub: [],
  open_demo: [],
  close_hub: [],
  open_link: [],
  accounts: ["accounts"],
  start_sign_in: [],
  cancel_sign_in: [],
  check_token: [],
  keep_token: [],
  look_inside: [],
  use_found: [],
  switch_account: [],
  sign_out_plan: ["accounts"],
  sign_out: [],
  share_account: [],
  give_to_git: [],
  retry_keychain: [],
  settings: ["settings"],
  save_settings: [],
  test_connection: [],
  repo_list: ["repoList","cache"],
  repo_overview: ["repo"],
  repo_card: ["repo"],
  repo_files: ["repo","cache"],
  gate: ["repo"],
  ask_access: [],
  window_focused: [],
  download_choices: ["repo","cache","folders"],
  pick_folder: [],
  plan_download: ["repo","cache"],
  start_download: [],
  pause_transfer: [],
  resume_transfer: [],
  cancel_transfer: [],
  retry_transfer: [],
  overwrite_transfer: [],
  redirect_transfer: [],
  remove_transfer: [],
  move_transfer: [],
  set_transfer_class: [],
  pause_all: [],
  resume_all: [],
  clear_transfers: [],
  transfer_files: [],
  show_folder: [],
  pick_files: [],
  pick_source_folder: [],
  paste_files: [],
  upload_targets: ["repoList","accounts"],
  start_preview: [],
  upload_preview: [],
  preview_files: [],
  close_preview: [],
  start_upload: [],
  acknowledge_secrets: [],
  upload_result: [],
  preview_transfer: [],
  plan_undo: [],
  run_undo: [],
  plan_rearrange: [],
  run_rearrange: [],
  answer_quit: [],
};
