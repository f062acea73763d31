import type { Session } from '$lib/api/bindings';
import { expect, it } from 'vitest';
import { toastOf } from './told';

const granted = {
  kind: 'accessGranted',
  repo: { kind: 'dataset', name: 'a/b' },
  endpoint: 'https://hub.example',
  account: 'mira',
} as const;
const session = { endpoint: granted.endpoint, account: granted.account } as Session;

it('leads from the news that access was given to the repository', () => {
  const toast = toastOf(granted, session);
  expect(toast.text).toContain('a/b');
  expect(toast.link?.href).toBe('/datasets/a/b');
});

it('leads nowhere while another account or Hub is open', () => {
  for (const other of [undefined, { ...session, account: 'noor' }, { ...session, endpoint: 'x' }]) {
    expect(toastOf(granted, other).link).toBeUndefined();
  }
});

it('gives a Hub’s warning in its own words, and says whose they are', () => {
  const warning = {
    kind: 'hubWarning',
    topic: 'storage',
    endpoint: 'https://hub.example',
  } as const;
  expect(toastOf({ ...warning, message: 'Storage is almost full.' }, session)).toEqual({
    tone: 'warning',
    text: 'hub.example says: Storage is almost full.',
  });
});

it('says that the list of transfers was damaged, and where it is, or why it is not kept', () => {
  const aside = toastOf({ kind: 'queueSetAside', path: '/data/queue-1.db' }, undefined);
  expect(aside).toMatchObject({ tone: 'warning' });
  expect(aside.text).toContain('/data/queue-1.db');
  const memory = toastOf({ kind: 'queueInMemory', why: 'The disk is full.' }, undefined);
  expect(memory.text).toContain('The disk is full.');
});
