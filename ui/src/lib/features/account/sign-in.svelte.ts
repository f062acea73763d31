import type {
  Accounts,
  CheckToken,
  Found,
  Session,
  StoredName,
  TokenReport,
  Way,
} from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import type { Resources } from '$lib/state/resource.svelte';
import { Task } from '$lib/state/task.svelte';

/** What is said while something is under way, and above the error when it fails. */
const WORDS = {
  open: { busy: 'Opening the Hub…', failed: 'The Hub could not be opened' },
  start: { busy: 'Beginning to sign in…', failed: 'Signing in could not begin' },
  cancel: { busy: '', failed: 'The attempt could not be ended' },
  check: {
    busy: 'Asking the Hub whose token this is…',
    failed: 'The token could not be checked',
  },
  look: { busy: 'Reading the names…', failed: 'The names could not be read' },
  keychain: { busy: 'Asking the keychain…', failed: 'The keychain could not be asked' },
  keep: { busy: 'Signing in…', failed: 'The sign-in could not be kept' },
} as const;

type Step = keyof typeof WORDS;

/** From the welcome page into a Hub: as somebody, as nobody, or into the demo. */
export class SignInFlow {
  readonly task = new Task();
  /** Whether the field for a token is unfolded. */
  isTyping = $state(false);
  /** What the Hub says about a token that is not kept yet. */
  report = $state.raw<TokenReport>();
  /** Whether that token was found on this computer, where it also stays. */
  isFound = $state(false);
  /** The stored tokens of the command-line tools, once a person has asked for their names. */
  names = $state.raw<readonly StoredName[]>();
  #step = $state<Step>('open');
  #again = $state.raw<() => void>();
  #wasUnderWay = false;

  constructor(
    private readonly platform: Platform,
    private readonly resources: Resources,
    private readonly arrive: (session: Session) => void,
  ) {}

  /** What is under way, in words; empty when nothing is. */
  get busyWords(): string {
    return this.task.isBusy ? WORDS[this.#step].busy : '';
  }

  get failedWords(): string {
    return WORDS[this.#step].failed;
  }

  /** Whether what is, or was, under way is a part of signing in, and not of opening a Hub as it is. */
  get isSigningIn(): boolean {
    return this.#step !== 'open';
  }

  /** Does once more what failed; `undefined` where that has to begin at a form. */
  get again(): (() => void) | undefined {
    return this.#again;
  }

  lookAround(endpoint: string | null): Promise<boolean> {
    return this.#enter('open', () => this.platform.call('open_hub', { endpoint }));
  }

  switchTo(id: string): Promise<boolean> {
    return this.#enter('open', () => this.platform.call('switch_account', { id }));
  }

  openDemo(): Promise<boolean> {
    return this.#enter('open', () => this.platform.call('open_demo', null));
  }

  /** Begins in the system's browser, or with a code for another device. */
  start(way: Way, endpoint: string | null): Promise<boolean> {
    return this.#run('start', async () => {
      await this.#change(() => this.platform.call('start_sign_in', { way, endpoint }));
    });
  }

  cancel(): Promise<boolean> {
    this.#wasUnderWay = false;
    return this.#run('cancel', async () => {
      await this.#change(() => this.platform.call('cancel_sign_in', null));
      this.#wasUnderWay = false;
    });
  }

  /** Asks the Hub whose a token is. The token is not kept here, not even for a second try. */
  check(request: CheckToken): Promise<boolean> {
    return this.#once('check', async () => {
      this.report = await this.platform.call('check_token', request);
      this.isFound = false;
    });
  }

  /** Reads the names of the stored tokens: the person has asked for it. */
  lookInside(): Promise<boolean> {
    return this.#run('look', async () => {
      const { names } = await this.platform.call('look_inside', { source: 'storedTokens' });
      this.names = names;
    });
  }

  /** Reads a token that was found: the person has asked for it. */
  use(source: Found['source'], name: string | null): Promise<boolean> {
    return this.#run('check', async () => {
      this.report = await this.platform.call('use_found', { source, name });
      this.isFound = true;
    });
  }

  /** Signs in with the token that was reported on. */
  keep(copy: boolean): Promise<boolean> {
    return this.#enter('keep', () => this.platform.call('keep_token', { copy }));
  }

  /** Back to the choices, without the token that was looked at. */
  discard(): void {
    this.report = undefined;
    this.task.error = undefined;
  }

  retryKeychain(): Promise<boolean> {
    return this.#run('keychain', async () => {
      const accounts = await this.#change(() => this.platform.call('retry_keychain', null));
      if (this.report) this.report = { ...this.report, keychain: accounts.keychain };
    });
  }

  /** Whether an attempt that was seen under way has ended well, and the session is its account's. */
  hasArrived(accounts: Accounts | undefined, session: Session): boolean {
    if (!accounts) return false;
    if (accounts.signIn) {
      this.#wasUnderWay = accounts.signIn.state !== 'failed';
      return false;
    }
    const active = accounts.accounts.find(({ isActive }) => isActive);
    return this.#wasUnderWay && active !== undefined && active.id === session.account;
  }

  #change(ask: () => Promise<Accounts>): Promise<Accounts> {
    return this.resources.entry('accounts', null).change(ask);
  }

  #enter(step: Step, ask: () => Promise<Session>): Promise<boolean> {
    return this.#run(step, async () => {
      this.arrive(await ask());
    });
  }

  #run(step: Step, work: () => Promise<void>): Promise<boolean> {
    if (this.task.isBusy) return Promise.resolve(false);
    const done = this.#once(step, work);
    this.#again = () => void this.#run(step, work);
    return done;
  }

  #once(step: Step, work: () => Promise<void>): Promise<boolean> {
    if (this.task.isBusy) return Promise.resolve(false);
    this.#step = step;
    this.#again = undefined;
    return this.task.run(work);
  }
}
