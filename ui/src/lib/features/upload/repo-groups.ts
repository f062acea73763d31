import type { RepoOverview, UploadTargets } from '$lib/api/bindings';
import { ownerOf } from './place';

/** Stands for a repository whose name is typed; no name is like this. */
export const OTHER = '/';

interface Group {
  label: string;
  options: { value: string; label: string }[];
}

/** The repositories there are to choose from by their owners; `chosen` is always among them. */
export function repoGroups(targets: UploadTargets | undefined, chosen: string): Group[] {
  const named = (value: string) => ({ value, label: value });
  const repos = targets?.repos ?? [];
  const first: Group = {
    label: '',
    options: [
      { value: '', label: 'Choose…' },
      { value: OTHER, label: 'Another one, by its name…' },
    ],
  };
  if (chosen !== '' && !repos.includes(chosen)) first.options.push(named(chosen));
  const owners = [...new Set(repos.map((name) => ownerOf({ name })))];
  const groups = owners.map((owner) => ({
    label: owner,
    options: repos.filter((name) => ownerOf({ name }) === owner).map(named),
  }));
  return [first, ...groups];
}

/** The branches and pull requests there are to add to; `chosen` is always among them. */
export function branchGroups(overview: RepoOverview | undefined, chosen: string): Group[] {
  const branches = overview?.branches ?? ['main'];
  const pulls = overview?.pullRequests ?? [];
  const isKnown = branches.includes(chosen) || pulls.includes(chosen);
  const label = (value: string) => value.replace(/^refs\/pr\//, 'Pull request #');
  const named = (value: string) => ({ value, label: label(value) });
  const groups = [{ label: '', options: [...branches, ...(isKnown ? [] : [chosen])].map(named) }];
  return pulls.length === 0
    ? groups
    : [...groups, { label: 'Pull requests', options: pulls.map(named) }];
}
