import type { Appearance, Settings } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import type { Resources } from '$lib/state/resource.svelte';
import { Task } from '$lib/state/task.svelte';

/** Changes to the settings, each kept as soon as it is made. */
export class SettingsForm {
  readonly saving = new Task();
  /** The address as it is being typed; `undefined` while it is the one that is kept. */
  typed = $state<string>();

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

  async saveEndpoint(): Promise<boolean> {
    const isSaved = await this.#save({ endpoint: this.endpoint.trim() });
    if (isSaved) this.typed = undefined;
    return isSaved;
  }

  async saveAppearance(appearance: Appearance): Promise<void> {
    await this.#save({ appearance });
  }

  async #save(change: Partial<Settings>): Promise<boolean> {
    const { kept } = this;
    if (!kept) return false;
    return this.saving.run(async () => {
      const settings = await this.platform.call('save_settings', { ...kept, ...change });
      this.resources.entry('settings', null).put(settings);
    });
  }
}
