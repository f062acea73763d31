import type { RepoRef } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import type { Resources } from '$lib/state/resource.svelte';
import { Task } from '$lib/state/task.svelte';

/** Asking for access to one repository. */
export class GateAsk {
  readonly task = new Task();

  constructor(
    private readonly platform: Platform,
    private readonly resources: Resources,
    private readonly repo: () => RepoRef,
  ) {}

  async ask(): Promise<void> {
    const repo = this.repo();
    await this.task.run(async () => {
      const gate = this.resources.entry('gate', { repo });
      await gate.change(() => this.platform.call('ask_access', { repo }));
    });
  }
}
