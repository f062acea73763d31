import { expect, it } from 'vitest';
import { FakePlatform } from '$lib/state/fake-platform';
import { Resources } from '$lib/state/resource.svelte';
import { SettingsForm } from './settings-form.svelte';

function world() {
  const platform = new FakePlatform();
  const resources = new Resources(platform);
  resources.entry('settings', null).put({ endpoint: 'https://hub.example', appearance: 'dark' });
  return { platform, resources, form: new SettingsForm(platform, resources) };
}

it('keeps an address and shows the one that was kept', async () => {
  const { platform, form } = world();
  form.typed = ' https://mirror.example ';
  expect(form.isChanged).toBe(true);
  const saved = form.saveEndpoint();
  expect(platform.question().request).toEqual({
    endpoint: 'https://mirror.example',
    appearance: 'dark',
  });
  await platform.question().answer({ endpoint: 'https://mirror.example', appearance: 'dark' });
  expect(await saved).toBe(true);
  expect(form.endpoint).toBe('https://mirror.example');
  expect(form.isChanged).toBe(false);
});

it('leaves a wrong address in the field, with the reason beside it', async () => {
  const { platform, form } = world();
  form.typed = 'nonsense';
  const saved = form.saveEndpoint();
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
  expect(platform.question().request).toEqual({
    endpoint: 'https://hub.example',
    appearance: 'light',
  });
  await platform.question().answer({ endpoint: 'https://hub.example', appearance: 'light' });
  await saved;
  expect(form.endpoint).toBe('half an addr');
});
