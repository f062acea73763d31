/** What a repository has by name. */
export interface Revisions {
  branches: readonly string[];
  tags: readonly string[];
  pullRequests: readonly string[];
}

/** What can be chosen: the names of a repository, and what is chosen if it is none of them. */
export function revisionGroups({ branches, tags, pullRequests }: Revisions, chosen: string) {
  const isNamed = [branches, tags, pullRequests].some((names) => names.includes(chosen));
  const groups = [
    { label: '', names: isNamed ? [] : [chosen] },
    { label: 'Branches', names: branches },
    { label: 'Tags', names: tags },
    { label: 'Pull requests', names: pullRequests },
  ];
  return groups
    .filter(({ names }) => names.length > 0)
    .map(({ label, names }) => ({
      label,
      options: names.map((value) => ({ value, label: revisionWords(value) })),
    }));
}

function revisionWords(revision: string): string {
  const pullRequest = /^refs\/pr\/(\d+)$/.exec(revision);
  if (pullRequest) return `Pull request ${pullRequest[1]}`;
  return /^[0-9a-f]{40}$/.test(revision) ? `Commit ${revision.slice(0, 7)}` : revision;
}
