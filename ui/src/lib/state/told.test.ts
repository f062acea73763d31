import { expect, it } from 'vitest';
import { toastOf } from './told';

it('leads from the news that access was given to the repository', () => {
  const toast = toastOf({ kind: 'accessGranted', repo: { kind: 'dataset', name: 'a/b' } });
  expect(toast.text).toContain('a/b');
  expect(toast.link?.href).toBe('/datasets/a/b');
});
