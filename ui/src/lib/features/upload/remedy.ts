import type { ApiError } from '$lib/api/bindings';
import type { Explained } from '$lib/state/remedies';
import { isRepoName } from './place';
import type { UploadSheet } from './upload-sheet.svelte';

/** What is known of an error, with what the sheet itself can do about it. */
export function remedyOf(
  { code }: Pick<ApiError, 'code'>,
  sheet: Pick<UploadSheet, 'where' | 'onto' | 'typed' | 'create'>,
  explained: Explained,
  signIn: () => void,
): Explained {
  const isThere = sheet.where === 'existing';
  switch (code) {
    case 'signedOut':
      return {
        ...explained,
        title: 'Sign in to upload',
        action: { label: 'Sign in…', run: signIn },
      };
    case 'notFound':
      if (!isThere || !isRepoName(sheet.typed.repo.trim())) return { ...explained, action: null };
      return {
        ...explained,
        action: { label: 'Create this repository', run: () => sheet.create() },
      };
    case 'forbidden': {
      const title = 'You may not write there';
      if (!isThere || sheet.onto === 'pullRequest') return { ...explained, title };
      const run = () => (sheet.onto = 'pullRequest');
      return { ...explained, title, action: { label: 'Upload as a pull request', run } };
    }
    default:
      return explained;
  }
}
