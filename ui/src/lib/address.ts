import type { RepoRef } from '$lib/api/bindings';

export type Kind = RepoRef['kind'];

/** Which tab of a repository is open. The card is what a bare address shows. */
export type RepoTab = 'card' | 'files';

const SEGMENTS = { model: 'models', dataset: 'datasets', space: 'spaces' } as const;

export type KindSegment = (typeof SEGMENTS)[Kind];

/** What the words "this kind" are, one and many. */
export const KIND_WORDS: Record<Kind, { one: string; many: string }> = {
  model: { one: 'Model', many: 'Models' },
  dataset: { one: 'Dataset', many: 'Datasets' },
  space: { one: 'Space', many: 'Spaces' },
};

export const KINDS = Object.keys(SEGMENTS) as Kind[];

export function isKindSegment(segment: string): segment is KindSegment {
  return Object.values<string>(SEGMENTS).includes(segment);
}

export function kindOf(segment: KindSegment): Kind {
  return KINDS.find((kind) => SEGMENTS[kind] === segment) ?? 'model';
}

/** Discover, for one kind, optionally with words to look for. */
export function listAddress(kind: Kind, search = ''): string {
  const words = search.trim();
  return `/${SEGMENTS[kind]}${words ? `?search=${encodeURIComponent(words)}` : ''}`;
}

/** Where one signs in, at a Hub or at the one of the settings. */
export function welcomeAddress(hub?: string): string {
  return `/welcome${hub === undefined ? '' : `?hub=${encodeURIComponent(hub)}`}`;
}

/** A repository; a revision of `null` is its main branch. */
export function repoAddress(repo: RepoRef, revision: string | null, tab: RepoTab = 'card'): string {
  const name = repo.name.split('/').map(encodeURIComponent).join('/');
  const tree = revision === null ? '' : `/tree/${encodeURIComponent(revision)}`;
  return `/${SEGMENTS[repo.kind]}/${name}${tree}${tab === 'card' ? '' : `?tab=${tab}`}`;
}

/**
 * Reads what [`repoAddress`] writes, from a path that is still percent-encoded: a revision may hold
 * a `/`. `null` when it names no repository.
 */
export function parseRepoAddress(
  pathname: string,
): { repo: RepoRef; revision: string | null } | null {
  const parts = pathname.split('/').filter(Boolean).map(decode);
  const [segment, first, ...rest] = parts;
  if (segment === undefined || !isKindSegment(segment) || first === undefined) return null;
  const kind = kindOf(segment);
  if (rest.length === 0) return { repo: { kind, name: first }, revision: null };
  if (rest[0] === 'tree' && rest.length === 2) {
    return { repo: { kind, name: first }, revision: rest[1] ?? null };
  }
  const repo = { kind, name: `${first}/${rest[0] ?? ''}` };
  if (rest.length === 1) return { repo, revision: null };
  return rest[1] === 'tree' && rest.length === 3 ? { repo, revision: rest[2] ?? null } : null;
}

/** The same repository on the web. */
export function webAddress(endpoint: string, repo: RepoRef): string {
  const prefix = repo.kind === 'model' ? '' : `${SEGMENTS[repo.kind]}/`;
  return `${endpoint.replace(/\/+$/, '')}/${prefix}${repo.name}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
