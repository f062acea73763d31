import type { Kind } from '$lib/address';
import type {
  KnownSource,
  RepoAt,
  RepoRef,
  RepoVisibility,
  SpaceSdk,
  StartUpload,
  UploadFinding,
  UploadOnto,
  UploadPlan,
  UploadRequest,
  UploadSource,
  UploadTargets,
} from '$lib/api/bindings';
import { patternsIn } from '$lib/format/patterns';
import { folderIn, joined, omission, placed } from './destinations';
import { isRepoName, ownerOf, type Place } from './place';

export type Where = 'existing' | 'new';
export type Onto = 'branch' | 'newBranch' | 'pullRequest';

/** How long nothing is typed before it is asked what the upload would do, in milliseconds. */
const PAUSE_MS = 400;

/** What is typed that decides what would be uploaded, and to where. */
const NOTHING = {
  repo: '',
  name: '',
  branch: '',
  folder: '',
  include: '',
  exclude: '',
  remove: '',
};

/** What an upload is to be about and where it is to go, as a person chooses it. */
export class UploadSheet {
  isOpen = $state(false);
  sources = $state.raw<readonly KnownSource[]>([]);
  where = $state<Where>('existing');
  #kind = $state<Kind>('model');
  /** The name is typed, and not one of those that are offered. */
  isOther = $state(false);
  typed = $state({ ...NOTHING });
  /** What was typed, as it was when nothing was typed for a moment. */
  #settled = $state.raw(NOTHING);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #owner = $state<string>();
  visibility = $state<RepoVisibility>('private');
  sdk = $state<SpaceSdk>('gradio');
  #onto = $state<Onto>();
  /** The branch that is there, to upload to. */
  branch = $state('main');
  #keepsNames = $state<boolean>();
  title = $state('');
  description = $state('');
  leavesOutJunk = $state(true);
  leavesOutIgnored = $state(true);
  /** Patterns for files that were left out one by one. */
  omitted = $state.raw<readonly string[]>([]);
  /** Secrets that a person lets go out, each as it was shown and to where. */
  #acknowledged = $state.raw<ReadonlySet<string>>(new Set());
  #targets = $state.raw<UploadTargets>();

  /** Opens it for a place on screen, or for one that is still to be chosen. */
  open(place: Place | undefined, sources: readonly KnownSource[] = []): void {
    this.close();
    this.sources = sources;
    if (place) {
      this.#kind = place.repo.kind;
      this.branch = place.branch;
      Object.assign(this.typed, { repo: place.repo.name, folder: place.folder });
    }
    this.settle();
    this.isOpen = true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.isOpen = this.isOther = false;
    this.sources = this.omitted = [];
    this.where = 'existing';
    this.#kind = 'model';
    this.typed = { ...NOTHING };
    this.#settled = NOTHING;
    this.#owner = this.#onto = this.#keepsNames = this.#targets = undefined;
    this.visibility = 'private';
    this.sdk = 'gradio';
    this.branch = 'main';
    this.title = this.description = '';
    this.leavesOutJunk = this.leavesOutIgnored = true;
    this.#acknowledged = new Set();
  }

  /** To what somebody can upload, once that is known. */
  takeTargets(targets: UploadTargets | undefined): void {
    this.#targets = targets;
  }

  add(more: readonly KnownSource[]): void {
    this.sources = joined(this.sources, more);
  }

  take(source: string): void {
    this.sources = this.sources.filter(({ id }) => id !== source);
  }

  /** Something was typed. */
  type(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.settle(), PAUSE_MS);
  }

  /** What was typed holds now. */
  settle(): void {
    clearTimeout(this.#timer);
    this.#settled = { ...this.typed };
  }

  get kind(): Kind {
    return this.#kind;
  }

  /** Names of one kind are none of another. */
  set kind(kind: Kind) {
    this.#kind = kind;
    this.#targets = undefined;
    this.isOther = false;
    if (this.visibility === 'protected') this.visibility = 'private';
    this.chooseRepo('');
  }

  chooseRepo(name: string): void {
    this.typed.repo = name;
    this.branch = 'main';
    this.#onto = undefined;
    this.settle();
  }

  /** The repository that was not found is to be made. */
  create(): void {
    const { repo } = this.typed;
    this.where = 'new';
    this.#owner = ownerOf({ name: repo });
    this.typed.name = repo.slice(repo.indexOf('/') + 1);
    this.settle();
  }

  get owner(): string {
    const owners = this.#targets?.owners ?? [];
    return owners.find((owner) => owner === this.#owner) ?? owners[0] ?? '';
  }

  set owner(owner: string) {
    this.#owner = owner;
  }

  /** The repository that is chosen, be it there or not; nothing while its name is none. */
  readonly repo: RepoRef | undefined = $derived.by(() => {
    const { repo, name } = this.#settled;
    const full = this.where === 'new' ? `${this.owner}/${name.trim()}` : repo.trim();
    return isRepoName(full) ? { kind: this.kind, name: full } : undefined;
  });

  /** What to ask about the repository that is there. */
  readonly at: RepoAt | undefined = $derived.by(() =>
    this.isOpen && this.where === 'existing' && this.repo
      ? { repo: this.repo, revision: 'main' }
      : undefined,
  );

  /** What a person has chosen; else a pull request where others decide. */
  get onto(): Onto {
    if (this.where === 'new') return 'branch';
    const owners = this.#targets?.owners;
    const isTheirs = this.repo && owners && !owners.includes(ownerOf(this.repo));
    return this.#onto ?? (isTheirs ? 'pullRequest' : 'branch');
  }

  set onto(onto: Onto) {
    this.#onto = onto;
  }

  /** Folders go in under their names; one that makes up a new repository does not. */
  get keepsNames(): boolean {
    return this.#keepsNames ?? !(this.where === 'new' && this.sources.length === 1);
  }

  set keepsNames(keeps: boolean) {
    this.#keepsNames = keeps;
  }

  get hasFolders(): boolean {
    return this.sources.some(({ isFolder }) => isFolder);
  }

  readonly places: readonly UploadSource[] = $derived.by(() =>
    placed(this.sources, folderIn(this.#settled.folder), this.keepsNames),
  );

  /** What is still to be said; empty when it can be asked what the upload would do. */
  readonly lacks: string = $derived.by(() => {
    if (this.sources.length === 0) return 'Choose files or a folder to upload.';
    if (this.where === 'new') {
      if (this.#targets?.cannotCreate) return this.#targets.cannotCreate;
      return this.repo
        ? ''
        : 'Name the new repository: letters, digits, dots, hyphens and underscores.';
    }
    if (!this.repo) return 'Choose a repository.';
    return this.onto === 'newBranch' && this.#branch === '' ? 'Name the new branch.' : '';
  });

  /** What to ask Rust; nothing while the sheet is closed, or something is still to be said. */
  readonly request: UploadRequest | undefined = $derived.by(() => {
    // Without the owners it is not known what is suggested.
    if (!this.isOpen || this.lacks || !this.repo || !this.#targets || this.#targets.cannotWrite) {
      return undefined;
    }
    const { include, exclude, remove, folder } = this.#settled;
    const patterns = patternsIn(remove);
    const sdk = this.kind === 'space' ? this.sdk : null;
    return {
      repo: this.repo,
      create: this.where === 'new' ? { visibility: this.visibility, sdk } : null,
      onto: this.#ontoWire(),
      sources: [...this.places],
      include: patternsIn(include),
      exclude: [...patternsIn(exclude), ...this.omitted],
      leaveOutJunk: this.leavesOutJunk,
      leaveOutIgnored: this.leavesOutIgnored,
      remove: patterns.length > 0 ? { below: folderIn(folder), patterns } : null,
    };
  });

  /** Keeps the file that would go to `path` here. */
  leaveOut(path: string): void {
    const way = omission(path, this.sources, this.places);
    if (way?.type === 'source') this.take(way.id);
    else if (way) this.omitted = [...new Set([...this.omitted, way.pattern])];
  }

  /** Takes along again what was left out. */
  takeAlong(pattern: string): void {
    this.omitted = this.omitted.filter((other) => other !== pattern);
  }

  isAcknowledged(finding: UploadFinding): boolean {
    return this.#acknowledged.has(this.#nameOf(finding));
  }

  acknowledge(finding: UploadFinding, may: boolean): void {
    const next = new Set(this.#acknowledged);
    if (may) next.add(this.#nameOf(finding));
    else next.delete(this.#nameOf(finding));
    this.#acknowledged = next;
  }

  /** Paths of the secrets that a person lets go out. */
  acknowledged({ findings }: UploadPlan): string[] {
    const known = findings.filter((one) => one.kind === 'secret' && this.isAcknowledged(one));
    return known.flatMap(({ path }) => (path === null ? [] : [path]));
  }

  /** What starts the upload of which `plan` is known. */
  begin(request: UploadRequest, plan: UploadPlan): StartUpload {
    return {
      upload: request,
      title: this.title.trim(),
      description: this.description.trim(),
      acknowledged: this.acknowledged(plan),
      expect: plan.base,
      class: 'normal',
    };
  }

  get #branch(): string {
    return this.#settled.branch.trim();
  }

  #ontoWire(): UploadOnto {
    switch (this.onto) {
      case 'pullRequest':
        return { type: 'pullRequest' };
      case 'newBranch':
        return { type: 'branch', name: this.#branch, create: true };
      case 'branch':
        return { type: 'branch', name: this.where === 'new' ? 'main' : this.branch, create: false };
    }
  }

  /** What may be published at one place may not be at another, nor something else of that name. */
  #nameOf({ path, message }: UploadFinding): string {
    const seenBy = this.where === 'new' ? this.visibility : '';
    return JSON.stringify([this.repo, seenBy, path, message]);
  }
}
