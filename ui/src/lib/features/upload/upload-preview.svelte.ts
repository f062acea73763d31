import type {
  ApiError,
  FileFate,
  PreviewFile,
  UploadPlan,
  UploadPreview,
  UploadRequest,
} from '$lib/api/bindings';
import { toApiError } from '$lib/api/errors';
import type { Platform } from '$lib/api/platform';
import { Pages } from '$lib/state/pages.svelte';

/** In milliseconds: how often it is asked how far a preview is. */
const AGAIN_MS = 200;

/** What an upload would do, as far as it is known. */
export interface Shown {
  readonly id: number;
  readonly request: UploadRequest;
  readonly plan: UploadPlan;
}

/** Follows what is chosen with previews: one at a time, and the last one stays on screen meanwhile. */
export class PreviewWatch {
  shown = $state.raw<Shown>();
  /** How far the next one is. */
  looking = $state.raw<Extract<UploadPreview, { type: 'looking' }>>();
  error = $state.raw<ApiError>();
  isBusy = $state(false);
  #turn = 0;
  #request: UploadRequest | undefined;

  constructor(private readonly platform: Platform) {}

  /** Whether what is shown is what would be done. */
  get isCurrent(): boolean {
    return this.shown !== undefined && !this.isBusy && this.error === undefined;
  }

  /** Looks what `request` would do. `undefined` is nothing. */
  follow(request: UploadRequest | undefined): void {
    const turn = this.#begin(request);
    if (request) void this.#look(request, turn);
    else this.#show(undefined);
  }

  /** Looks once more: something on this machine or at the Hub may be otherwise now. */
  again(): void {
    this.follow(this.#request);
  }

  /** The files of what is shown. */
  files(id: number, fate: FileFate | null): Pages<PreviewFile> {
    return new Pages((after, limit) =>
      this.platform.call('preview_files', { id, after, limit, fate }),
    );
  }

  #begin(request: UploadRequest | undefined): number {
    this.#request = request;
    this.looking = this.error = undefined;
    this.isBusy = request !== undefined;
    return ++this.#turn;
  }

  async #look(request: UploadRequest, turn: number): Promise<void> {
    let id: number | undefined;
    try {
      id = await this.platform.call('start_preview', request);
      let seen = await this.#ask(id, turn);
      while (seen?.type === 'looking') {
        this.looking = seen;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        seen = await this.#ask(id, turn);
      }
      if (seen?.type === 'ready') {
        this.#show({ id, request, plan: seen.plan });
        this.#end();
        return;
      }
      if (seen?.type === 'failed') this.#fail(seen.error);
    } catch (thrown) {
      if (turn === this.#turn) this.#fail(toApiError(thrown));
    }
    // Nobody wants to know any more, or there is nothing to know.
    if (id !== undefined) this.#close(id);
  }

  /** `undefined` when something else is asked by now. */
  async #ask(id: number, turn: number): Promise<UploadPreview | undefined> {
    if (turn !== this.#turn) return undefined;
    const seen = await this.platform.call('upload_preview', { id });
    return turn === this.#turn ? seen : undefined;
  }

  #fail(error: ApiError): void {
    this.#show(undefined);
    this.error = error;
    this.#end();
  }

  #end(): void {
    this.looking = undefined;
    this.isBusy = false;
  }

  #show(next: Shown | undefined): void {
    const before = this.shown;
    this.shown = next;
    if (before) this.#close(before.id);
  }

  #close(id: number): void {
    this.platform.call('close_preview', { id }).catch(() => undefined);
  }
}
