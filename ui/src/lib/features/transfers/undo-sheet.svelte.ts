import type { Transfer, UndoPlan, UploadResult } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import { Task } from '$lib/state/task.svelte';
import type { Toasts } from '$lib/state/toasts.svelte';
import { nameOf } from '$lib/state/transfer-board.svelte';

/** The dialog in which an upload is taken back: what would be done is shown, then done, then said. */
export class UndoSheet {
  /** Finding out what would be done. */
  looking = new Task();
  /** Doing it. */
  doing = new Task();
  /** Which upload; `undefined` while the dialog is closed. */
  transfer = $state.raw<Transfer>();
  plan = $state.raw<UndoPlan>();
  done = $state.raw<UploadResult>();

  constructor(
    private readonly platform: Platform,
    private readonly toasts: Toasts,
  ) {}

  open(transfer: Transfer): void {
    this.transfer = transfer;
    void this.look();
  }

  close(): void {
    this.transfer = undefined;
  }

  /** Finds out what would be done now. */
  async look(): Promise<void> {
    const { transfer } = this;
    if (!transfer) return;
    // An answer that comes late belongs to the tasks of its own question.
    const looking = (this.looking = new Task());
    this.doing = new Task();
    this.plan = this.done = undefined;
    await looking.run(async () => {
      const plan = await this.platform.call('plan_undo', { id: transfer.id });
      if (this.looking === looking) this.plan = plan;
    });
  }

  /** Does what was shown. It goes on when the dialog is closed, and is said then, too. */
  async confirm(): Promise<void> {
    const { transfer, plan, doing } = this;
    if (!transfer || !plan) return;
    await doing.run(async () => {
      const done = await this.platform.call('run_undo', { id: plan.id });
      if (this.doing === doing) this.done = done;
    });
    const isSeen = this.transfer === transfer && this.doing === doing;
    if (isSeen) return;
    const name = nameOf(transfer);
    if (doing.error) {
      const text = `The upload of ${name} was not taken back: ${doing.error.message}`;
      this.toasts.show({ tone: 'danger', text });
    } else {
      this.toasts.show({ tone: 'info', text: `The upload of ${name} was taken back` });
    }
  }
}
