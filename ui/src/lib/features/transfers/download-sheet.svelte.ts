import type { DownloadPlan, DownloadRequest, RepoAt } from '$lib/api/bindings';

export type What = 'everything' | 'ticked';

/** What is ticked on the list of files, as far as the sheet needs it. */
export interface Choice {
  /** `null` is everything. */
  paths: string[] | null;
  files: number;
}

/** Which files a download is about, and whether it can begin. */
export class DownloadSheet {
  isOpen = $state(false);
  what = $state<What>('everything');

  constructor(
    private readonly at: () => RepoAt,
    private readonly choice: () => Choice,
  ) {}

  open(): void {
    this.what = this.hasChoice ? 'ticked' : 'everything';
    this.isOpen = true;
  }

  /** Whether there is anything to choose between. */
  get hasChoice(): boolean {
    const { paths, files } = this.choice();
    return paths !== null && files > 0;
  }

  /** What to ask Rust; nothing while the sheet is closed. */
  readonly request: DownloadRequest | undefined = $derived.by(() =>
    this.isOpen
      ? { ...this.at(), paths: this.what === 'ticked' ? this.choice().paths : null }
      : undefined,
  );
}

/** Bytes that do not fit; 0 when all do. */
export function missingRoom(plan: DownloadPlan): number {
  return Math.max(0, plan.bytesToFetch - plan.bytesFree);
}
