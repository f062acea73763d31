import type { RepoOverview } from '$lib/api/bindings';

/** More than anybody reads; typing narrows the rest. */
const SHOWN_PER_GROUP = 50;

export interface RevisionGroup {
  label: string;
  options: readonly string[];
  /** How many more match than are shown. */
  hidden: number;
}

/** Choosing a revision by typing a part of its name, with the arrow keys, or by a commit's number. */
export class RevisionPicker {
  query = $state('');
  active = $state(0);

  constructor(private readonly overview: () => RepoOverview) {}

  readonly groups: readonly RevisionGroup[] = $derived.by(() => {
    const { branches, tags, pullRequests } = this.overview();
    const typed = this.query.trim();
    const groups = [
      group('Branches', branches, typed),
      group('Tags', tags, typed),
      group('Pull requests', pullRequests, typed),
    ].filter(({ options }) => options.length > 0);
    const isKnown = [branches, tags, pullRequests].some((names) => names.includes(typed));
    if (typed !== '' && !isKnown) {
      groups.push({ label: 'As typed: a commit or another name', options: [typed], hidden: 0 });
    }
    return groups;
  });

  readonly options: readonly string[] = $derived(this.groups.flatMap(({ options }) => options));

  /** The option that Enter takes. */
  get chosen(): string | undefined {
    return this.options[Math.min(this.active, this.options.length - 1)];
  }

  reset(): void {
    this.query = '';
    this.active = Math.max(0, this.options.indexOf(this.overview().revision));
  }

  narrowed(): void {
    this.active = 0;
  }

  /** Whether the key moved the choice. */
  key(key: string): boolean {
    const last = this.options.length - 1;
    const to = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, Home: 0, End: last }[key];
    if (to === undefined) return false;
    this.active = Math.max(0, Math.min(last, to));
    return true;
  }
}

function group(label: string, names: readonly string[], typed: string): RevisionGroup {
  const wanted = typed.toLowerCase();
  const options = names.filter((name) => name.toLowerCase().includes(wanted));
  return {
    label,
    options: options.slice(0, SHOWN_PER_GROUP),
    hidden: Math.max(0, options.length - SHOWN_PER_GROUP),
  };
}

/** A revision for people: a pull request by its number, a commit by its first seven digits. */
export function revisionLabel(revision: string): string {
  const pull = /^refs\/pr\/(\d+)$/.exec(revision);
  if (pull) return `Pull request #${pull[1] ?? ''}`;
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision;
}
