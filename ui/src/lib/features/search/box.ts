import type { RepoRef } from '$lib/api/bindings';
import {
  isKindSegment,
  kindOf,
  listAddress,
  parseRepoAddress,
  repoAddress,
  type Kind,
} from '$lib/address';

/** `owner/name`, each part as the Hub allows it. */
const REPO_NAME = /^[\w.-]+\/[\w.-]+$/;

/**
 * Where the box at the top leads: a name, a web link or an `hf://` address opens the repository;
 * anything else is looked for. `kind` is what is on screen, and so what a bare name means.
 */
export function destination(text: string, kind: Kind): string {
  const typed = text.trim();
  const named = withoutScheme(typed);
  if (named === null) return listAddress(kind, typed);
  const { rest, isLink } = named;
  const segment = rest.split('/')[0] ?? '';
  if (isKindSegment(segment)) {
    const found = parseRepoAddress(`/${rest}`);
    if (found && (isLink || found.repo.name.includes('/'))) {
      return repoAddress(found.repo, found.revision);
    }
    return rest === segment && isLink ? listAddress(kindOf(segment)) : listAddress(kind, typed);
  }
  const bare: Kind = isLink ? 'model' : kind;
  if (REPO_NAME.test(rest)) return repoAddress({ kind: bare, name: rest } satisfies RepoRef, null);
  const found = isLink ? parseRepoAddress(`/models/${rest}`) : null;
  return found ? repoAddress(found.repo, found.revision) : listAddress(kind, typed);
}

/** The path of an address, or the text itself when it looks like a name. */
function withoutScheme(typed: string): { rest: string; isLink: boolean } | null {
  const link = /^(?:https?:\/\/[^/\s]+\/|hf:\/\/)([^\s?#]+)/.exec(typed);
  if (link) return { rest: (link[1] ?? '').replace(/\/+$/, ''), isLink: true };
  return typed.includes('/') && !/\s/.test(typed) ? { rest: typed, isLink: false } : null;
}
