import { describe, expect, it } from 'vitest';
import { listAddress, parseRepoAddress, repoAddress, webAddress, welcomeAddress } from './address';

describe('the address of a repository', () => {
  it.each([
    ['/models/acme/tiny', 'model', 'acme/tiny', null],
    ['/models/gpt2', 'model', 'gpt2', null],
    ['/datasets/acme/rows/tree/v1.0', 'dataset', 'acme/rows', 'v1.0'],
    ['/models/gpt2/tree/main', 'model', 'gpt2', 'main'],
    ['/spaces/acme/tree/tree/refs%2Fpr%2F1', 'space', 'acme/tree', 'refs/pr/1'],
    ['/spaces/acme/tree', 'space', 'acme/tree', null],
  ] as const)('%s names its kind, name and revision', (pathname, kind, name, revision) => {
    expect(parseRepoAddress(pathname)).toEqual({ repo: { kind, name }, revision });
    expect(repoAddress({ kind, name }, revision)).toBe(pathname);
  });

  it.each(['/models', '/settings/x', '/models/a/b/c', '/models/a/b/tree/c/d'])(
    '%s names none',
    (pathname) => {
      expect(parseRepoAddress(pathname)).toBeNull();
    },
  );

  it('survives a percent sign that encodes nothing', () => {
    expect(parseRepoAddress('/models/acme/100%')?.repo.name).toBe('acme/100%');
  });

  it('keeps the tab beside it', () => {
    expect(repoAddress({ kind: 'model', name: 'a/b' }, null, 'files')).toBe(
      '/models/a/b?tab=files',
    );
  });
});

it('encodes the words of a search', () => {
  expect(listAddress('dataset', ' a&b ')).toBe('/datasets?search=a%26b');
  expect(listAddress('dataset', '  ')).toBe('/datasets');
});

it('leaves the kind out of a model on the web only', () => {
  expect(webAddress('https://hub.example/', { kind: 'model', name: 'a/b' })).toBe(
    'https://hub.example/a/b',
  );
  expect(webAddress('https://hub.example', { kind: 'space', name: 'a/b' })).toBe(
    'https://hub.example/spaces/a/b',
  );
});

it('names the Hub to sign in at only where it is not the usual one', () => {
  expect(welcomeAddress()).toBe('/welcome');
  expect(welcomeAddress('https://hub.example')).toBe('/welcome?hub=https%3A%2F%2Fhub.example');
});
