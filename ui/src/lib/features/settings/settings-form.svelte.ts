import type { Appearance, ProxyUse, Settings, TransferSettings } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import type { Resources } from '$lib/state/resource.svelte';
import { Task } from '$lib/state/task.svelte';

/** The settings of the network as they are being typed. */
type Network = Pick<Settings, 'proxy' | 'proxyAddress' | 'certificates'>;

/** What a change makes of the settings that were kept last. */
type Change = (kept: Settings) => Partial<Settings>;

/** Changes to the settings, each kept as soon as it is made. */
export class SettingsForm {
  readonly saving = new Task();
  /** Each place that is changed by itself has its own reason when that cannot be kept. */
  readonly choosing = new Task();
  readonly applying = new Task();
  readonly limiting = new Task();
  /** The address as it is being typed; `undefined` while it is the one that is kept. */
  typed = $state<string>();
  #network = $state.raw<Partial<Network>>({});
  /** Ends with the last of the changes, of which each begins with what the one before has left. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly platform: Platform,
    private readonly resources: Resources,
  ) {}

  get kept(): Settings | undefined {
    return this.resources.entry('settings', null).data;
  }

  get endpoint(): string {
    return this.typed ?? this.kept?.endpoint ?? '';
  }

  get isChanged(): boolean {
    return this.typed !== undefined && this.typed.trim() !== this.kept?.endpoint;
  }

  /** Why the address cannot be taken, for a note beside it. */
  get endpointError(): string | undefined {
    const { error } = this.saving;
    return error?.code === 'badInput' ? error.message : undefined;
  }

  get proxy(): ProxyUse {
    return this.#network.proxy ?? this.kept?.proxy ?? 'system';
  }

  set proxy(proxy: ProxyUse) {
    this.#network = { ...this.#network, proxy };
  }

  get proxyAddress(): string {
    return this.#network.proxyAddress ?? this.kept?.proxyAddress ?? '';
  }

  set proxyAddress(proxyAddress: string) {
    this.#network = { ...this.#network, proxyAddress };
  }

  get certificates(): string {
    return this.#network.certificates ?? this.kept?.certificates ?? '';
  }

  set certificates(certificates: string) {
    this.#network = { ...this.#network, certificates };
  }

  get isNetworkChanged(): boolean {
    const { kept } = this;
    return (
      kept !== undefined &&
      (this.proxy !== kept.proxy ||
        this.proxyAddress.trim() !== kept.proxyAddress ||
        this.certificates.trim() !== kept.certificates)
    );
  }

  async saveEndpoint(): Promise<boolean> {
    const endpoint = this.endpoint.trim();
    const isSaved = await this.#save(this.saving, () => ({ endpoint }));
    if (isSaved) this.typed = undefined;
    return isSaved;
  }

  async saveAppearance(appearance: Appearance): Promise<void> {
    await this.#save(this.choosing, () => ({ appearance }));
  }

  /** Keeps the settings of the network; they hold at once. A password does not stay in the field. */
  async applyNetwork(): Promise<boolean> {
    const { proxy, proxyAddress, certificates } = this;
    const isSaved = await this.#save(this.applying, () => ({ proxy, proxyAddress, certificates }));
    if (isSaved) this.#network = {};
    return isSaved;
  }

  /** Keeps settings of the transfers; they hold at once, also for what runs. */
  saveTransfers(change: Partial<TransferSettings>): Promise<boolean> {
    return this.#save(this.limiting, (kept) => ({ transfers: { ...kept.transfers, ...change } }));
  }

  #save(task: Task, change: Change): Promise<boolean> {
    const saved = this.#changes.then(() => this.#saveNow(task, change));
    this.#changes = saved;
    return saved;
  }

  async #saveNow(task: Task, change: Change): Promise<boolean> {
    const { kept } = this;
    if (!kept) return false;
    return task.run(async () => {
      const settings = this.resources.entry('settings', null);
      await settings.change(() =>
        this.platform.call('save_settings', { ...kept, ...change(kept) }),
      );
    });
  }
}
