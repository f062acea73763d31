import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Board } from '$lib/api/bindings';
import { FakePlatform } from './fake-platform';
import { session } from './fake-session';
import { board as none, status } from './fake-transfers';
import { Live } from './live.svelte';
import { Resources } from './resource.svelte';
import type { Told } from './told';

const board = (isOnline: boolean): Board => none([], { status: status({ isOnline }) });

const NEWS = { changed: [], removed: [], order: null, isAllPaused: false };

function world() {
  const platform = new FakePlatform();
  const resources = new Resources(platform);
  const tell = vi.fn<(told: Told) => void>();
  const live = new Live(platform, resources, tell);
  const stop = live.connect();
  return { platform, resources, live, stop, tell };
}

const repo = { repo: { kind: 'model', name: 'a/b' }, revision: 'main' } as const;

describe('what Rust tells by itself', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('brings the session with the first snapshot, without asking', () => {
    const { platform, live } = world();
    expect(live.session).toBeUndefined();
    platform.send({ type: 'snapshot', session, board: board(true) });
    expect(live.session?.endpoint).toBe('https://hub.example');
    expect(platform.asked).toHaveLength(0);
  });

  it('makes everything on screen old with a snapshot', () => {
    const { platform, resources } = world();
    resources.hold(resources.entry('repo_card', repo));
    platform.send({ type: 'snapshot', session, board: board(true) });
    expect(platform.asked).toHaveLength(2);
  });

  it('asks for the session when that is old', () => {
    const { platform } = world();
    platform.send({ type: 'snapshot', session, board: board(true) });
    platform.send({ type: 'stale', tags: ['session'] });
    expect(platform.question().command).toBe('session');
  });

  it('drops what one account was shown before anything is asked for another', async () => {
    const { platform, resources, live } = world();
    platform.send({ type: 'snapshot', session: { ...session, account: 'a' }, board: board(true) });
    const card = resources.entry('repo_card', repo);
    resources.hold(card);
    await answerWithRealTime(platform);
    const asked = platform.asked.length;
    platform.send({ type: 'stale', tags: ['accounts', 'session', 'repo'] });
    expect(platform.asked).toHaveLength(asked + 1);
    await platform.question().answer({ ...session, account: 'b' });
    expect(live.session?.account).toBe('b');
    expect(card.data).toBeUndefined();
    expect(platform.question().command).toBe('repo_card');
  });

  it('keeps the newer of two sessions that are told in the other order', async () => {
    const { platform, live } = world();
    platform.send({ type: 'snapshot', session, board: board(true) });
    platform.send({ type: 'stale', tags: ['session'] });
    platform.send({ type: 'stale', tags: ['session'] });
    vi.useRealTimers();
    await platform.question(1).answer({ ...session, account: 'newer' });
    await platform.question(0).answer({ ...session, account: 'older' });
    expect(live.session?.account).toBe('newer');
  });

  it('asks once more when a command answers while the session is asked for', async () => {
    const { platform, live } = world();
    platform.send({ type: 'snapshot', session, board: board(true) });
    platform.send({ type: 'stale', tags: ['session'] });
    live.enter({ ...session, account: 'a' });
    vi.useRealTimers();
    await platform.question(0).answer(session);
    expect(live.session?.account).toBe('a');
    await platform.question(1).answer({ ...session, account: 'b' });
    expect(live.session?.account).toBe('b');
  });

  it('makes the rest old even when the session cannot be told', async () => {
    const { platform, resources } = world();
    platform.send({ type: 'snapshot', session, board: board(true) });
    resources.hold(resources.entry('accounts', null));
    const asked = platform.asked.length;
    platform.send({ type: 'stale', tags: ['session', 'accounts'] });
    vi.useRealTimers();
    await platform
      .question()
      .fail({ code: 'internal', message: 'No.', hint: null, requestId: null });
    expect(platform.asked.slice(asked + 1).map(({ command }) => command)).toEqual([
      'session',
      'accounts',
    ]);
  });

  it('hands on what has to be told once', () => {
    const { platform, tell } = world();
    const toast = { kind: 'accessGranted', repo: repo.repo, endpoint: 'x', account: null } as const;
    platform.send({ type: 'toast', toast });
    expect(tell).toHaveBeenCalledExactlyOnceWith(toast);
  });

  it('tells what a Hub warns of', () => {
    const { platform, tell } = world();
    const warning = { topic: 'storage', message: 'Almost full.', endpoint: 'https://hub.example' };
    platform.send({ type: 'hubWarning', ...warning });
    expect(tell.mock.calls).toMatchObject([[{ kind: 'hubWarning', ...warning }]]);
  });

  it('forgets one Hub when another is opened', async () => {
    const { platform, resources, live } = world();
    platform.send({ type: 'snapshot', session, board: board(true) });
    const card = resources.entry('repo_card', repo);
    resources.hold(card);
    await answerWithRealTime(platform);
    expect(card.data).toBeDefined();
    live.enter({ ...session, endpoint: 'http://127.0.0.1:9', isDemo: true });
    expect(card.data).toBeUndefined();
    expect(live.session?.isDemo).toBe(true);
  });

  it('tries what failed again when the Hub can be reached again', () => {
    const { platform, resources } = world();
    const retry = vi.spyOn(resources, 'retryFailed');
    platform.send({ type: 'transfers', ...NEWS, status: status({ isOnline: false }) });
    platform.send({ type: 'transfers', ...NEWS, status: status({ isOnline: false }) });
    expect(retry).not.toHaveBeenCalled();
    platform.send({ type: 'transfers', ...NEWS, status: status() });
    expect(retry).toHaveBeenCalledOnce();
  });

  it('listens again after the connection is lost, waiting longer each time', () => {
    const { platform } = world();
    platform.lose();
    vi.advanceTimersByTime(249);
    expect(platform.subscriptions).toBe(1);
    vi.advanceTimersByTime(1);
    expect(platform.subscriptions).toBe(2);
    platform.lose();
    vi.advanceTimersByTime(499);
    expect(platform.subscriptions).toBe(2);
    vi.advanceTimersByTime(1);
    expect(platform.subscriptions).toBe(3);
  });

  it('does not listen again once it was stopped', () => {
    const { platform, stop } = world();
    platform.lose();
    stop();
    vi.advanceTimersByTime(60_000);
    expect(platform.subscriptions).toBe(1);
  });
});

async function answerWithRealTime(platform: FakePlatform): Promise<void> {
  vi.useRealTimers();
  await platform.question().answer({ html: '<p></p>', facts: [], isCut: false });
}

describe('what is held over the window', () => {
  it('is told until it is dropped, and what was dropped until somebody takes it', () => {
    const { platform, live } = world();
    const source = { id: 's', name: 'a', path: '/a', isFolder: false, bytes: 1 };
    platform.send({ type: 'dragOver', count: 2 });
    expect(live.heldOver).toBe(2);
    platform.send({ type: 'dropped', sources: [source] });
    platform.send({ type: 'dropped', sources: [source] });
    expect([live.heldOver, live.dropped]).toEqual([0, [source, source]]);
  });

  it('is nothing any more after a break', () => {
    const { platform, live } = world();
    platform.send({ type: 'dragOver', count: 1 });
    platform.send({ type: 'snapshot', session, board: board(true) });
    expect(live.heldOver).toBe(0);
  });
});
