import type { Transfer, UploadFinding } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import { Task } from '$lib/state/task.svelte';

/** In milliseconds: how often the program is asked how far it is. */
const AGAIN_MS = 250;

/** The dialog in which a person says, one by one, which secrets of an upload may be published. */
export class SecretsSheet {
  /** Finding out which there are. */
  looking = new Task();
  /** Saying so. */
  readonly saying = new Task();
  /** Which upload; `undefined` while the dialog is closed. */
  transfer = $state.raw<Transfer>();
  /** The secrets; `undefined` before they are known. */
  found = $state.raw<readonly UploadFinding[]>();
  #agreed = $state.raw<ReadonlySet<string>>(new Set());

  constructor(private readonly platform: Platform) {}

  open(transfer: Transfer): void {
    this.transfer = transfer;
    this.saying.error = undefined;
    void this.look();
  }

  close(): void {
    this.transfer = undefined;
    this.looking = new Task();
  }

  /** Looks through the files. */
  async look(): Promise<void> {
    const { transfer } = this;
    if (!transfer) return;
    const looking = (this.looking = new Task());
    this.found = undefined;
    this.#agreed = new Set();
    await looking.run(async () => {
      const id = await this.platform.call('preview_transfer', { id: transfer.id });
      try {
        const findings = await this.#findings(id, () => this.looking === looking);
        if (this.looking === looking) this.found = findings?.filter(isSecret);
      } finally {
        this.platform.call('close_preview', { id }).catch(() => undefined);
      }
    });
  }

  /** What is found, as soon as it is; nothing if nobody waits for it any more. */
  async #findings(id: number, isWanted: () => boolean): Promise<UploadFinding[] | undefined> {
    while (isWanted()) {
      const seen = await this.platform.call('upload_preview', { id });
      if (seen.type === 'ready') return seen.plan.findings;
      if (seen.type === 'failed') throw seen.error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    return undefined;
  }

  isAgreed(path: string): boolean {
    return this.#agreed.has(path);
  }

  agree(path: string, isAgreed: boolean): void {
    const rest = [...this.#agreed].filter((other) => other !== path);
    this.#agreed = new Set(isAgreed ? [...rest, path] : rest);
  }

  /** Whether every secret was agreed to. */
  get isReady(): boolean {
    return this.found?.every(({ path }) => path !== null && this.#agreed.has(path)) ?? false;
  }

  /** Lets the upload go on with them. */
  async confirm(): Promise<void> {
    const { transfer, isReady } = this;
    if (!transfer || !isReady) return;
    const isSaid = await this.saying.run(async () => {
      const paths = [...this.#agreed];
      await this.platform.call('acknowledge_secrets', { id: transfer.id, paths });
    });
    if (isSaid) this.close();
  }
}

function isSecret({ kind, path }: UploadFinding): boolean {
  return kind === 'secret' && path !== null;
}
