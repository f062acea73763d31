import type {
  Choices,
  DownloadPlan,
  DownloadRequest,
  Into,
  KnownFolder,
  RepoAt,
  Selection,
} from '$lib/api/bindings';
import { patternsIn } from '$lib/format/patterns';
import { suggested } from './variants';

export type What = Selection['type'];

/** What is ticked on the list of files, as far as the sheet needs it. */
export interface Ticked {
  /** `null` is everything. */
  paths: string[] | null;
  files: number;
}

/** How long nothing is typed before it is asked what the patterns mean, in milliseconds. */
const PAUSE_MS = 250;

/** What a download is to be about and where it is to go, as a person chooses it. */
export class DownloadSheet {
  isOpen = $state(false);
  /** A revision that was chosen here; else it is that of the screen. */
  #revision = $state<string>();
  #what = $state<What>();
  #variant = $state<string>();
  include = $state('');
  exclude = $state('');
  /** The patterns as they were when nothing was typed for a moment. */
  #patterns = $state.raw({ include: '', exclude: '' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #into = $state.raw<Into>({ type: 'cache' });
  /** Folders that were chosen while the sheet is open. */
  #picked = $state.raw<readonly KnownFolder[]>([]);
  /** The plan whose conflicts a person has agreed to. */
  #agreed = $state.raw<DownloadRequest>();
  #choices = $state.raw<Choices>();
  /** Choices are known, or will not be. */
  #isChoosable = $state(false);

  constructor(
    private readonly screen: () => RepoAt,
    private readonly ticked: () => Ticked,
  ) {}

  open(): void {
    this.close();
    this.isOpen = true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.isOpen = false;
    this.#revision = this.#what = this.#variant = undefined;
    this.include = this.exclude = '';
    this.#patterns = { include: '', exclude: '' };
    this.#into = { type: 'cache' };
    this.#picked = [];
    this.#agreed = this.#choices = undefined;
    this.#isChoosable = false;
  }

  /** The choices of the revision, once they are known; `undefined` if they could not be. */
  takeChoices(choices: Choices | undefined): void {
    this.#choices = choices;
    this.#isChoosable = true;
  }

  /** What to ask Rust for the choices; nothing while the sheet is closed. */
  readonly at: RepoAt | undefined = $derived.by(() =>
    this.isOpen ? { repo: this.screen().repo, revision: this.revision } : undefined,
  );

  get revision(): string {
    return this.#revision ?? this.screen().revision;
  }

  set revision(revision: string) {
    this.#revision = revision;
    // Variants of one revision are no choice at another.
    this.#variant = undefined;
    this.#choices = undefined;
    this.#isChoosable = false;
  }

  /** What is ticked is ticked at the revision of the screen. */
  get tickedFiles(): number {
    const { paths, files } = this.ticked();
    return paths !== null && this.revision === this.screen().revision ? files : 0;
  }

  get hasVariants(): boolean {
    return (this.#choices?.variants.length ?? 0) > 0;
  }

  /** What a person has chosen, or else what is suggested. */
  readonly what: What = $derived.by(() => {
    const what = this.#what;
    if (what === 'files' ? this.tickedFiles > 0 : what === 'variant' ? this.hasVariants : what) {
      return what ?? 'everything';
    }
    if (this.tickedFiles > 0) return 'files';
    return suggested(this.#choices?.variants ?? []) ? 'variant' : 'everything';
  });

  choose(what: What): void {
    this.#what = what;
  }

  readonly variant: string | undefined = $derived.by(() => {
    const variants = this.#choices?.variants ?? [];
    const chosen = variants.find(({ id }) => id === this.#variant);
    return (chosen ?? suggested(variants) ?? variants[0])?.id;
  });

  chooseVariant(id: string): void {
    this.#variant = id;
    this.#what = 'variant';
  }

  /** Something was typed into a field of patterns. */
  typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#patterns = { include: this.include, exclude: this.exclude };
    }, PAUSE_MS);
  }

  readonly folders: readonly KnownFolder[] = $derived.by(() => {
    const known = this.#choices?.folders ?? [];
    const picked = this.#picked.filter(({ id }) => !known.some((other) => other.id === id));
    return [...picked, ...known];
  });

  get into(): Into {
    return this.#into;
  }

  intoCache(): void {
    this.#into = { type: 'cache' };
  }

  intoFolder(folder: KnownFolder): void {
    if (!this.folders.some(({ id }) => id === folder.id)) this.#picked = [folder, ...this.#picked];
    this.#into = { type: 'folder', folder: folder.id };
  }

  /** What to ask Rust; nothing while the sheet is closed, or it is not settled what is suggested. */
  readonly request: DownloadRequest | undefined = $derived.by(() => {
    if (!this.at || !(this.#isChoosable || this.what === 'files')) return undefined;
    const selection = this.#selection();
    return selection && { ...this.at, selection, into: this.#into };
  });

  /** Whether a person has agreed that files are replaced, for just this request. */
  get mayOverwrite(): boolean {
    return this.#agreed !== undefined && this.#agreed === this.request;
  }

  set mayOverwrite(may: boolean) {
    this.#agreed = may ? this.request : undefined;
  }

  #selection(): Selection | undefined {
    switch (this.what) {
      case 'everything':
        return { type: 'everything' };
      case 'files':
        return { type: 'files', paths: this.ticked().paths ?? [] };
      case 'variant':
        return this.variant === undefined ? undefined : { type: 'variant', id: this.variant };
      case 'patterns': {
        const include = patternsIn(this.#patterns.include);
        const exclude = patternsIn(this.#patterns.exclude);
        return { type: 'patterns', include, exclude };
      }
    }
  }
}

/** Bytes that do not fit; 0 when all do. */
export function missingRoom({ bytesSpace, bytesFree }: DownloadPlan): number {
  return Math.max(0, bytesSpace - bytesFree);
}
