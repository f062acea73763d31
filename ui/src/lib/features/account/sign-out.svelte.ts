import type { Account, Session } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import { Task } from '$lib/state/task.svelte';

/** The dialog before an account is signed out. */
export class SignOutSheet {
  readonly task = new Task();
  /** Whose; `undefined` while the dialog is closed. */
  account = $state.raw<Account>();
  /** The account of the last dialog is signed out. */
  isDone = $state(false);

  constructor(
    private readonly platform: Platform,
    private readonly enter: (session: Session) => void,
  ) {}

  open(account: Account): void {
    this.task.error = undefined;
    this.isDone = false;
    this.account = account;
  }

  close(): void {
    this.account = undefined;
  }

  async confirm(): Promise<void> {
    const { account } = this;
    if (!account) return;
    this.isDone = await this.task.run(async () => {
      this.enter(await this.platform.call('sign_out', { id: account.id }));
    });
    if (this.isDone) this.close();
  }
}
