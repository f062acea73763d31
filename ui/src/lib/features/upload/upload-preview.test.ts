import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UploadPlan, UploadPreview, UploadRequest } from '$lib/api/bindings';
import { FakePlatform } from '$lib/state/fake-platform';
import { PreviewWatch } from './upload-preview.svelte';

const request = (name: string) => ({ repo: { kind: 'model', name } }) as UploadRequest;
const plan = { base: null } as UploadPlan;
const ready: UploadPreview = { type: 'ready', plan };
const looking: UploadPreview = {
  type: 'looking',
  stage: 'walking',
  filesTotal: 0,
  filesDone: 0,
  bytesTotal: 0,
  bytesDone: 0,
};
const gone = { code: 'notFound', message: 'gone', hint: null, requestId: null } as const;

function world() {
  const platform = new FakePlatform();
  const watch = new PreviewWatch(platform);
  const commands = () => platform.asked.map(({ command, request: what }) => [command, what]);
  return { platform, watch, commands };
}

async function shown(name: string, id: number, { platform, watch }: ReturnType<typeof world>) {
  watch.follow(request(name));
  await platform.question().answer(id);
  await platform.question().answer(ready);
}

describe('what an upload would do', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is asked for until it is known', async () => {
    const { platform, watch } = world();
    watch.follow(request('a/b'));
    await platform.question().answer(7);
    await platform.question().answer(looking);
    expect([watch.looking, watch.isBusy]).toEqual([looking, true]);
    expect(platform.asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(platform.question()).toMatchObject({ command: 'upload_preview', request: { id: 7 } });
    await platform.question().answer(ready);
    expect(watch.shown).toMatchObject({ id: 7, plan });
    expect([watch.isBusy, watch.looking, watch.isCurrent]).toEqual([false, undefined, true]);
  });

  it('stays on screen while something else is looked at, and cannot be started', async () => {
    const all = world();
    const { platform, watch, commands } = all;
    await shown('a/b', 7, all);
    watch.follow(request('a/c'));
    expect([watch.shown?.id, watch.isCurrent]).toEqual([7, false]);
    await platform.question().answer(8);
    await platform.question().answer(ready);
    expect([watch.shown?.id, watch.isCurrent]).toEqual([8, true]);
    expect(commands()).toContainEqual(['close_preview', { id: 7 }]);
  });

  it('is never the answer to an older question', async () => {
    const { platform, watch, commands } = world();
    watch.follow(request('a/b'));
    const first = platform.question();
    watch.follow(request('a/c'));
    const second = platform.question();
    await second.answer(8);
    await platform.question().answer(ready);
    await first.answer(7);
    expect(watch.shown?.id).toBe(8);
    expect(commands()).toContainEqual(['close_preview', { id: 7 }]);
  });

  it('is gone with an error, and can be asked for again', async () => {
    const all = world();
    const { platform, watch } = all;
    await shown('a/b', 7, all);
    watch.again();
    await platform.question().answer(8);
    await platform.question().answer({ type: 'failed', error: gone });
    expect([watch.shown, watch.error, watch.isBusy]).toEqual([undefined, gone, false]);
    watch.again();
    expect(watch.error).toBeUndefined();
    await platform.question().fail(gone);
    expect(watch.error).toEqual(gone);
  });

  it('is forgotten when nobody asks any more', async () => {
    const all = world();
    await shown('a/b', 7, all);
    all.watch.follow(undefined);
    expect([all.watch.shown, all.watch.isBusy]).toEqual([undefined, false]);
    expect(all.commands()).toContainEqual(['close_preview', { id: 7 }]);
  });
});
