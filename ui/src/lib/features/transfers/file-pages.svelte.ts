import type { TransferFile } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import { Pages } from '$lib/state/pages.svelte';

/** The files of one transfer in the order of their paths. */
export class FilePages extends Pages<TransferFile> {
  constructor(platform: Platform, id: number) {
    super((after, limit) => platform.call('transfer_files', { id, after, limit, state: null }));
  }
}
