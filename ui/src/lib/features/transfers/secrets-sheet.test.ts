import { expect, it, vi } from 'vitest';
import { FakePlatform } from '$lib/state/fake-platform';
import { transfer } from '$lib/state/fake-transfers';
import { SecretsSheet } from './secrets-sheet.svelte';

const upload = transfer({ id: 5, kind: 'upload', state: 'blocked', blocked: 'secret' });
const secret = (path: string) => ({
  kind: 'secret',
  path,
  message: `${path} holds passwords.`,
  hint: '',
  isBlocking: true,
});
const ready = (...paths: string[]) => ({
  type: 'ready',
  plan: { findings: [...paths.map(secret), { ...secret('x'), kind: 'advice' }] },
});

async function opened(...paths: string[]) {
  const platform = new FakePlatform();
  const sheet = new SecretsSheet(platform);
  sheet.open(upload);
  expect(platform.question()).toMatchObject({ command: 'preview_transfer', request: { id: 5 } });
  await platform.question().answer(3);
  await platform.isAsked(2);
  await platform.question().answer(ready(...paths));
  return { platform, sheet };
}

it('goes on only when every secret was agreed to', async () => {
  const { platform, sheet } = await opened('.env', 'key.pem');
  expect(sheet.found?.map(({ path }) => path)).toEqual(['.env', 'key.pem']);
  await platform.isAsked(3);
  expect(platform.question()).toMatchObject({ command: 'close_preview', request: { id: 3 } });
  expect(sheet.isReady).toBe(false);
  sheet.agree('.env', true);
  sheet.agree('key.pem', true);
  sheet.agree('.env', false);
  expect(sheet.isReady).toBe(false);
  await sheet.confirm();
  expect(platform.asked).toHaveLength(3);
  sheet.agree('.env', true);
  const confirmed = sheet.confirm();
  expect(platform.question()).toMatchObject({
    command: 'acknowledge_secrets',
    request: { id: 5, paths: ['key.pem', '.env'] },
  });
  await platform.question().answer(null);
  await confirmed;
  expect(sheet.transfer).toBeUndefined();
});

it('lets go on what holds no secret any more', async () => {
  const { sheet } = await opened();
  expect(sheet.found).toEqual([]);
  expect(sheet.isReady).toBe(true);
});

it('says why it could not look, and asks again while it is being looked', async () => {
  const platform = new FakePlatform();
  const sheet = new SecretsSheet(platform);
  sheet.open(upload);
  await platform.question().answer(3);
  await platform.isAsked(2);
  await platform.question().answer({ type: 'looking' });
  await platform.isAsked(3);
  const error = { code: 'offline', message: 'No way.', hint: null, requestId: null };
  await platform.question().answer({ type: 'failed', error });
  await vi.waitUntil(() => sheet.looking.error !== undefined);
  expect(sheet.looking.error).toEqual(error);
  expect(platform.question().command).toBe('close_preview');
  expect(sheet.found).toBeUndefined();
});

it('looks no further when the dialog is closed', async () => {
  const platform = new FakePlatform();
  const sheet = new SecretsSheet(platform);
  sheet.open(upload);
  sheet.close();
  await platform.question().answer(3);
  await platform.isAsked(2);
  expect(platform.question()).toMatchObject({ command: 'close_preview', request: { id: 3 } });
});
