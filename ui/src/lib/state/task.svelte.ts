import type { ApiError } from '$lib/api/bindings';
import { toApiError } from '$lib/api/errors';

/** One thing a person has asked for: whether it is under way, and why it failed. */
export class Task {
  isBusy = $state(false);
  error = $state.raw<ApiError>();

  /** Runs `work` unless it is running already. Gives whether it went well. */
  async run(work: () => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.error = undefined;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.error = toApiError(thrown);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
