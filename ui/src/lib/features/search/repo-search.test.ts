import { describe, expect, it } from 'vitest';
import type { RepoPage, RepoRow } from '$lib/api/bindings';
import { FakePlatform } from '$lib/state/fake-platform';
import { Resources } from '$lib/state/resource.svelte';
import { RepoSearch } from './repo-search.svelte';

const row = (name: string): RepoRow => ({
  repo: { kind: 'model', name },
  task: null,
  library: null,
  likes: 0,
  downloads: null,
  updated: null,
  isGated: false,
  isPrivate: false,
  isHere: false,
});

const page = (from: number, to: number, next: string | null): RepoPage => ({
  repos: Array.from({ length: to - from }, (_, index) => row(`a/${from + index}`)),
  next,
});

function world() {
  const platform = new FakePlatform();
  const resources = new Resources(platform);
  return { platform, resources, search: new RepoSearch(resources, 'model', 'tiny') };
}

describe('a search', () => {
  it('asks for the first page, with its words', () => {
    const { platform, search } = world();
    search.show(0, 10);
    expect(platform.question().request).toEqual({ kind: 'model', search: 'tiny', cursor: null });
    expect(search.isReady).toBe(false);
  });

  it('asks for the next page near the end, and not before', async () => {
    const { platform, search } = world();
    search.show(0, 10);
    await platform.question().answer(page(0, 100, 'two'));
    search.show(0, 40);
    expect(platform.asked).toHaveLength(1);
    search.show(60, 90);
    search.show(60, 90);
    expect(platform.asked).toHaveLength(2);
    expect(platform.question().request).toMatchObject({ cursor: 'two' });
    await platform.question().answer(page(100, 150, null));
    expect(search.rows).toHaveLength(150);
    expect(search.hasMore).toBe(false);
  });

  it('asks again only for the pages on screen when the list is old', async () => {
    const { platform, resources, search } = world();
    const release = search.show(0, 80);
    await platform.question().answer(page(0, 100, 'two'));
    const more = search.show(80, 110);
    await platform.question().answer(page(100, 200, null));
    release();
    more();
    search.show(150, 180);
    resources.stale(['repoList']);
    expect(platform.asked).toHaveLength(3);
    expect(platform.question().request).toMatchObject({ cursor: 'two' });
    expect(search.rows).toHaveLength(200);
  });

  it('begins with all the pages that were read before', async () => {
    const { platform, resources, search } = world();
    search.show(0, 10);
    await platform.question().answer(page(0, 20, 'two'));
    search.show(0, 20);
    await platform.question().answer(page(20, 40, 'three'));
    expect(new RepoSearch(resources, 'model', 'tiny').rows).toHaveLength(40);
    expect(platform.asked).toHaveLength(2);
  });

  it('asks no other Hub for the page after one of this Hub', async () => {
    const { platform, resources, search } = world();
    search.show(0, 10);
    await platform.question().answer(page(0, 20, 'two'));
    search.show(0, 20);
    await platform.question().answer(page(20, 40, 'three'));
    resources.forgetHub();
    expect(resources.visit).not.toBe(search.visit);
    expect(platform.asked).toHaveLength(3);
    expect(platform.question().request).toMatchObject({ cursor: null });
    expect(new RepoSearch(resources, 'model', 'tiny').visit).toBe(resources.visit);
  });

  it('keeps its rows when a later page fails, and says which one did', async () => {
    const { platform, search } = world();
    search.show(0, 10);
    await platform.question().answer(page(0, 20, 'two'));
    search.show(0, 20);
    await platform.question().fail({ code: 'offline', message: 'm', hint: null, requestId: null });
    expect(search.rows).toHaveLength(20);
    expect(search.failed?.request.cursor).toBe('two');
  });
});
