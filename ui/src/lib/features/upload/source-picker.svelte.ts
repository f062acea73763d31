import type { Platform } from '$lib/api/platform';
import { Task } from '$lib/state/task.svelte';
import type { Toasts } from '$lib/state/toasts.svelte';
import type { UploadSheet } from './upload-sheet.svelte';

/** Choosing more to upload in the desktop's own window. */
export class SourcePicker {
  readonly task = new Task();

  constructor(
    private readonly platform: Platform,
    private readonly toasts: Toasts,
    private readonly sheet: UploadSheet,
  ) {}

  async pick(command: 'pick_files' | 'pick_source_folder'): Promise<void> {
    await this.task.run(async () => {
      const picked = await this.platform.call(command, null);
      // The sheet may have been closed behind the dialog of the desktop.
      if (this.sheet.isOpen) this.sheet.add(picked);
    });
    const { error } = this.task;
    if (error) this.toasts.show({ tone: 'danger', text: error.message });
  }
}
