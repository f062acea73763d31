import type { KnownSource } from '$lib/api/bindings';
import type { Platform } from '$lib/api/platform';
import { createContext } from 'svelte';
import { dropWords, type Place } from './place';
import { UploadSheet } from './upload-sheet.svelte';

/** The way into the upload sheet from any screen. */
export class Uploads {
  readonly sheet = new UploadSheet();
  /** The place on screen, where there is one. */
  place = $state.raw<Place>();

  constructor(private readonly platform: Platform) {}

  /** What letting go of files over the window does. */
  get dropWords(): string {
    return dropWords(this.place, this.sheet.isOpen);
  }

  /** Opens the sheet for the place on screen. */
  open(): void {
    this.sheet.open(this.place);
  }

  /** Takes what was dropped or pasted: into the sheet that is open, or into a new one. */
  take(sources: readonly KnownSource[]): void {
    if (sources.length === 0) return;
    if (this.sheet.isOpen) this.sheet.add(sources);
    else this.sheet.open(this.place, sources);
  }

  /** Takes the files and folders in the clipboard, if there are any. */
  async paste(): Promise<void> {
    this.take(await this.platform.call('paste_files', null));
  }
}

export const [getUploads, setUploads] = createContext<Uploads>();
