import { expect, it } from 'vitest';
import type { Settings } from '$lib/api/bindings';
import { FakePlatform } from '$lib/state/fake-platform';
import { Resources } from '$lib/state/resource.svelte';
import { SettingsForm } from './settings-form.svelte';

const kept: Settings = {
  endpoint: 'https://hub.example',
  appearance: 'dark',
  proxy: 'system',
  proxyAddress: '',
  certificates: '',
  transfers: {
    atOnce: 3,
    downloadLimit: null,
    uploadLimit: null,
    schedule: [],
    xetMemoryMiB: 128,
    mayReportXet: false,
    notify: true,
    inTray: false,
  },
};

function world() {
  const platform = new FakePlatform();
  const resources = new Resources(platform);
  resources.entry('settings', null).put(kept);
  return { platform, resources, form: new SettingsForm(platform, resources) };
}

it('keeps an address and shows the one that was kept', async () => {
  const { platform, form } = world();
  form.typed = ' https://mirror.example ';
  expect(form.isChanged).toBe(true);
  const saved = form.saveEndpoint();
  await platform.isAsked();
  expect(platform.question().request).toEqual({ ...kept, endpoint: 'https://mirror.example' });
  await platform.question().answer({ ...kept, endpoint: 'https://mirror.example' });
  expect(await saved).toBe(true);
  expect(form.endpoint).toBe('https://mirror.example');
  expect(form.isChanged).toBe(false);
});

it('leaves a wrong address in the field, with the reason beside it', async () => {
  const { platform, form } = world();
  form.typed = 'nonsense';
  const saved = form.saveEndpoint();
  await platform.isAsked();
  await platform
    .question()
    .fail({ code: 'badInput', message: 'Not an address.', hint: null, requestId: null });
  expect(await saved).toBe(false);
  expect(form.endpoint).toBe('nonsense');
  expect(form.endpointError).toBe('Not an address.');
});

it('changes the appearance without touching an address being typed', async () => {
  const { platform, form } = world();
  form.typed = 'half an addr';
  const saved = form.saveAppearance('light');
  await platform.isAsked();
  expect(platform.question().request).toEqual({ ...kept, appearance: 'light' });
  await platform.question().answer({ ...kept, appearance: 'light' });
  await saved;
  expect(form.endpoint).toBe('half an addr');
});

it('applies the network at once and keeps no password in the field', async () => {
  const { platform, form } = world();
  form.proxy = 'manual';
  form.proxyAddress = 'http://me:secret@proxy.example:1';
  expect(form.isNetworkChanged).toBe(true);
  const applied = form.applyNetwork();
  await platform.isAsked();
  expect(platform.question().request).toEqual({
    ...kept,
    proxy: 'manual',
    proxyAddress: 'http://me:secret@proxy.example:1',
  });
  const answer = { ...kept, proxy: 'manual', proxyAddress: 'http://proxy.example:1' };
  await platform.question().answer(answer);
  expect(await applied).toBe(true);
  expect(form.proxyAddress).toBe('http://proxy.example:1');
  expect(form.isNetworkChanged).toBe(false);
});

it('leaves what cannot be applied in its fields', async () => {
  const { platform, form } = world();
  form.certificates = '/nowhere';
  const applied = form.applyNetwork();
  await platform.isAsked();
  const error = {
    code: 'badInput',
    message: 'No such file.',
    hint: null,
    requestId: null,
  } as const;
  await platform.question().fail(error);
  expect(await applied).toBe(false);
  expect(form.certificates).toBe('/nowhere');
  expect(form.applying.error?.message).toBe('No such file.');
  expect(form.endpointError).toBeUndefined();
});

it('makes two changes one after the other, and both are kept', async () => {
  const { platform, form } = world();
  const first = form.saveAppearance('light');
  form.typed = 'https://mirror.example';
  const second = form.saveEndpoint();
  await platform.isAsked();
  expect(platform.asked).toHaveLength(1);
  await platform.question().answer({ ...kept, appearance: 'light' });
  await first;
  await platform.isAsked(2);
  const both = { ...kept, appearance: 'light', endpoint: 'https://mirror.example' };
  expect(platform.question().request).toEqual(both);
  await platform.question().answer(both);
  expect(await second).toBe(true);
});

it('keeps two settings of the transfers that are made one after the other', async () => {
  const { platform, form } = world();
  const first = form.saveTransfers({ atOnce: 5 });
  const second = form.saveTransfers({ notify: false });
  await platform.isAsked();
  await platform.question().answer({ ...kept, transfers: { ...kept.transfers, atOnce: 5 } });
  expect(await first).toBe(true);
  await platform.isAsked(2);
  expect(platform.question().request).toEqual({
    ...kept,
    transfers: { ...kept.transfers, atOnce: 5, notify: false },
  });
  await platform.question().answer(platform.question().request);
  expect(await second).toBe(true);
});
