import { describe, expect, it } from 'vitest';
import { FakePlatform } from './fake-platform';
import { Resources } from './resource.svelte';

const repo = { repo: { kind: 'model', name: 'a/b' }, revision: 'main' } as const;
const offline = { code: 'offline', message: 'm', hint: null, requestId: null } as const;

function world() {
  const platform = new FakePlatform();
  return { platform, resources: new Resources(platform) };
}

describe('a resource', () => {
  it('is asked for once, however many show it', async () => {
    const { platform, resources } = world();
    resources.hold(resources.entry('repo_card', repo));
    resources.hold(resources.entry('repo_card', { ...repo }));
    expect(platform.asked).toHaveLength(1);
    await platform.question().answer(null);
    expect(resources.entry('repo_card', repo).data).toBeNull();
  });

  it('keeps its old answer while a newer one loads, and after that one fails', async () => {
    const { platform, resources } = world();
    const entry = resources.entry('settings', null);
    resources.hold(entry);
    await platform.question().answer({ endpoint: 'old', appearance: 'dark' });
    resources.stale(['settings']);
    expect(entry.isLoading).toBe(true);
    expect(entry.data?.endpoint).toBe('old');
    await platform.question().fail(offline);
    expect(entry.data?.endpoint).toBe('old');
    expect(entry.error?.code).toBe('offline');
  });

  it('says since when it is known, and is asked for again when the Hub can be reached', async () => {
    const { platform, resources } = world();
    const entry = resources.entry('repo_card', repo);
    resources.hold(entry);
    await platform.question().answer(null, 1000);
    expect([entry.data, entry.asOf]).toEqual([null, 1000]);
    resources.retryFailed();
    expect(platform.asked).toHaveLength(2);
    await platform.question().answer(null);
    expect(entry.asOf).toBeNull();
  });

  it('never lets an older answer replace a newer one', async () => {
    const { platform, resources } = world();
    const entry = resources.entry('settings', null);
    resources.hold(entry);
    resources.stale(['settings']);
    await platform.question(1).answer({ endpoint: 'newer', appearance: 'dark' });
    await platform.question(0).answer({ endpoint: 'older', appearance: 'dark' });
    expect(entry.data?.endpoint).toBe('newer');
    expect(entry.isLoading).toBe(false);
  });

  it('takes what a command says of it, unless somebody has asked meanwhile', async () => {
    const { platform, resources } = world();
    const entry = resources.entry('settings', null);
    resources.hold(entry);
    await platform.question().answer({ endpoint: 'old' });
    const save = () => entry.change(() => platform.call('save_settings', {} as never));
    let saved = save();
    await platform.question().answer({ endpoint: 'saved' });
    await saved;
    expect(entry.data?.endpoint).toBe('saved');
    expect(platform.asked).toHaveLength(2);

    saved = save();
    const saving = platform.question();
    resources.stale(['settings']);
    await platform.question().answer({ endpoint: 'newer' });
    await saving.answer({ endpoint: 'older' });
    expect(entry.data?.endpoint).toBe('newer');
    await platform.question().answer({ endpoint: 'newest' });
    await saved;
    expect(entry.data?.endpoint).toBe('newest');
  });

  it('that nobody looks at is not asked for by a command at another Hub', async () => {
    const { platform, resources } = world();
    const gate = resources.entry('gate', { repo: repo.repo });
    const asked = gate.change(() => platform.call('ask_access', { repo: repo.repo }));
    resources.forgetHub();
    await platform.question().answer({ state: 'pending' });
    await asked;
    expect(gate.data).toBeUndefined();
    expect(platform.asked).toHaveLength(1);
  });

  it('loads again only for tags it is made of', () => {
    const { platform, resources } = world();
    resources.hold(resources.entry('repo_card', repo));
    resources.stale(['settings', 'cache']);
    expect(platform.asked).toHaveLength(1);
    resources.stale(['repo']);
    expect(platform.asked).toHaveLength(2);
  });

  it('waits until it is shown again when it became old unseen', async () => {
    const { platform, resources } = world();
    const entry = resources.entry('repo_card', repo);
    const release = resources.hold(entry);
    await platform.question().answer(null);
    release();
    resources.stale(['repo']);
    expect(platform.asked).toHaveLength(1);
    resources.hold(entry);
    expect(platform.asked).toHaveLength(2);
  });

  it('is not asked for again when it is shown again and still holds', async () => {
    const { platform, resources } = world();
    const release = resources.hold(resources.entry('repo_card', repo));
    await platform.question().answer(null);
    release();
    resources.hold(resources.entry('repo_card', repo));
    expect(platform.asked).toHaveLength(1);
  });

  it('about what signing out would do is asked for each time it is shown', () => {
    const { platform, resources } = world();
    resources.hold(resources.entry('sign_out_plan', { id: 'a' }))();
    resources.hold(resources.entry('sign_out_plan', { id: 'a' }));
    expect(platform.asked).toHaveLength(2);
  });

  it('about free space is asked for each time it is shown', () => {
    const { platform, resources } = world();
    const plan = () =>
      resources.entry('plan_download', {
        ...repo,
        selection: { type: 'everything' },
        into: { type: 'cache' },
      });
    resources.hold(plan())();
    resources.hold(plan());
    expect(platform.asked).toHaveLength(2);
  });

  it('that failed is asked for again when the Hub is back', async () => {
    const { platform, resources } = world();
    resources.hold(resources.entry('repo_card', repo));
    await platform.question().fail(offline);
    resources.retryFailed();
    expect(platform.asked).toHaveLength(2);
  });

  it('of another Hub is forgotten, and the settings are not', async () => {
    const { platform, resources } = world();
    const card = resources.entry('repo_card', repo);
    const settings = resources.entry('settings', null);
    resources.hold(card);
    resources.hold(settings);
    await platform.question(0).answer({ html: '<p></p>', facts: [], isCut: false });
    await platform.question(1).answer({ endpoint: 'x', appearance: 'dark' });
    resources.forgetHub();
    expect(card.data).toBeUndefined();
    expect(settings.data).toBeDefined();
    expect(platform.question().command).toBe('repo_card');
  });
});
