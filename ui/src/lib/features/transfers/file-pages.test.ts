import { expect, it } from 'vitest';
import type { TransferFilesRequest } from '$lib/api/bindings';
import { FakePlatform } from '$lib/state/fake-platform';
import { FilePages } from './file-pages.svelte';

const ALL = 100_000;

/** Answers the question asked last as a transfer of `ALL` files would. */
async function answer(platform: FakePlatform, bytesDone = 0) {
  const { after, limit } = platform.question().request as TransferFilesRequest;
  const files = Array.from({ length: Math.min(limit, ALL - after) }, (_, index) => ({
    path: `f${after + index}`,
    state: 'waiting',
    bytesTotal: 10,
    bytesDone,
  }));
  await platform.question().answer({ files, total: ALL });
}

async function opened() {
  const platform = new FakePlatform();
  const pages = new FilePages(platform, 1);
  pages.show(0, 20);
  await answer(platform);
  return { platform, pages };
}

it('reads what is looked at, however far down, and only once', async () => {
  const { platform, pages } = await opened();
  expect(pages.total).toBe(ALL);
  pages.show(ALL - 20, ALL);
  await answer(platform);
  expect(pages.file(ALL - 1)?.path).toBe('f99999');
  expect(pages.file(5000)).toBeUndefined();
  pages.show(0, 20);
  expect(platform.asked).toHaveLength(2);
});

it('reads both of two pages that are looked at', async () => {
  const { platform, pages } = await opened();
  pages.show(490, 510);
  await answer(platform);
  expect([pages.file(499)?.path, pages.file(500)?.path]).toEqual(['f499', 'f500']);
  pages.show(995, 1005);
  expect(platform.asked).toHaveLength(3);
});

it('reads what is drawn again, and nothing else', async () => {
  const { platform, pages } = await opened();
  const done = pages.refresh();
  void pages.refresh();
  await answer(platform, 7);
  await done;
  expect(platform.asked).toHaveLength(2);
  expect(pages.file(3)?.bytesDone).toBe(7);
});

it('stops at a failure until it is tried again', async () => {
  const platform = new FakePlatform();
  const pages = new FilePages(platform, 1);
  pages.show(0, 20);
  await platform.question().fail({ code: 'internal', message: 'No.', hint: null, requestId: null });
  pages.show(0, 20);
  expect(platform.asked).toHaveLength(1);
  expect(pages.error?.message).toBe('No.');
  const done = pages.refresh();
  await answer(platform);
  await done;
  expect(pages.error).toBeUndefined();
  expect(pages.file(0)?.path).toBe('f0');
});
