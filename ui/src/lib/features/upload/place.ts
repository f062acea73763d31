import { type Kind, KIND_WORDS } from '$lib/address';
import type { RepoRef } from '$lib/api/bindings';

/** A place in a repository that is on screen. */
export interface Place {
  readonly repo: RepoRef;
  /** A branch, or `refs/pr/<number>`. */
  readonly branch: string;
  /** Empty for the top. */
  readonly folder: string;
}

/** What a place is called: `mira/m, folder data/`. */
export function placeWords({ repo, branch, folder }: Place): string {
  const parts = [
    repo.name,
    branch !== 'main' && branchWords(branch),
    folder !== '' && `folder ${folder}/`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** What letting go of files over the window does. */
export function dropWords(place: Place | undefined, isOpen: boolean): string {
  if (isOpen) return 'Add to this upload';
  return place === undefined
    ? 'Upload to a repository you choose next'
    : `Upload to ${placeWords(place)}`;
}

/** The branch that is uploaded to from a revision on screen; a tag or a commit stays as it is. */
export function branchAt(revision: string, branches: readonly string[]): string {
  const isOne = branches.includes(revision) || revision.startsWith('refs/pr/');
  return isOne ? revision : 'main';
}

/** A branch, or a pull request by its number. */
export function branchWords(branch: string): string {
  const pull = /^refs\/pr\/(\d+)$/.exec(branch);
  return pull ? `pull request #${pull[1] ?? ''}` : `branch ${branch}`;
}

/** `owner/name`, as the Hub allows it. */
export function isRepoName(name: string): boolean {
  return /^[\w.-]+\/[\w.-]+$/.test(name);
}

export function ownerOf({ name }: Pick<RepoRef, 'name'>): string {
  return name.slice(0, Math.max(0, name.indexOf('/')));
}

export const KIND_OPTIONS = (Object.keys(KIND_WORDS) as Kind[]).map((value) => ({
  value,
  label: KIND_WORDS[value].one,
}));
