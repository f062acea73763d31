import type { Accounts, Session } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import type { Resources } from '$lib/state/resource.svelte';
import { Task } from '$lib/state/task.svelte';

/** What can be done with the accounts there are. One thing at a time. */
export class AccountActions {
  readonly task = new Task();
  /** Whose account the last thing was about; `null` when it was about none. */
  about = $state<string | null>(null);
  #again: () => void = () => undefined;

  constructor(
    private readonly platform: Platform,
    private readonly resources: Resources,
    private readonly enter: (session: Session) => void,
  ) {}

  again(): void {
    this.#again();
  }

  switchTo(id: string): Promise<boolean> {
    return this.#session(id, () => this.platform.call('switch_account', { id }));
  }

  /** Leaves the account for what everybody sees at the Hub of the settings. */
  lookAround(): Promise<boolean> {
    return this.#session(null, () => this.platform.call('open_hub', { endpoint: null }));
  }

  openDemo(): Promise<boolean> {
    return this.#session(null, () => this.platform.call('open_demo', null));
  }

  /** Gives the account to the command-line tools, or takes it back. */
  share(id: string, isOn: boolean): Promise<boolean> {
    return this.#accounts(id, () => this.platform.call('share_account', { id, isOn }));
  }

  giveToGit(id: string, isOn: boolean): Promise<boolean> {
    return this.#accounts(id, () => this.platform.call('give_to_git', { id, isOn }));
  }

  retryKeychain(): Promise<boolean> {
    return this.#accounts(null, () => this.platform.call('retry_keychain', null));
  }

  #session(about: string | null, ask: () => Promise<Session>): Promise<boolean> {
    return this.#run(about, async () => {
      this.enter(await ask());
    });
  }

  #accounts(about: string | null, ask: () => Promise<Accounts>): Promise<boolean> {
    return this.#run(about, async () => {
      await this.resources.entry('accounts', null).change(ask);
    });
  }

  #run(about: string | null, work: () => Promise<void>): Promise<boolean> {
    if (this.task.isBusy) return Promise.resolve(false);
    this.about = about;
    this.#again = () => void this.#run(about, work);
    return this.task.run(work);
  }
}
