import { expect, it } from 'vitest';
import type { Gate } from '$lib/api/bindings';
import { FakePlatform } from '$lib/state/fake-platform';
import { Resources } from '$lib/state/resource.svelte';
import { GateAsk } from './gate-ask.svelte';

const repo = { kind: 'model', name: 'a/b' } as const;

const gate: Gate = {
  state: 'pending',
  mode: 'manual',
  heading: null,
  text: null,
  button: null,
  fields: [],
  webUrl: 'https://hub.example/a/b',
  shares: 'Your name.',
};

function world() {
  const platform = new FakePlatform();
  const resources = new Resources(platform);
  return { platform, resources, asking: new GateAsk(platform, resources, () => repo) };
}

it('shows how things stand once the page was opened', async () => {
  const { platform, resources, asking } = world();
  const asked = asking.ask();
  expect(platform.question()).toMatchObject({ command: 'ask_access', request: { repo } });
  await platform.question().answer(gate);
  await asked;
  expect(resources.entry('gate', { repo }).data?.state).toBe('pending');
});

it('leaves things as they stood when the page could not be opened', async () => {
  const { platform, resources, asking } = world();
  const asked = asking.ask();
  await platform
    .question()
    .fail({ code: 'offline', message: 'No answer.', hint: null, requestId: null });
  await asked;
  expect(resources.entry('gate', { repo }).data).toBeUndefined();
  expect(asking.task.error?.code).toBe('offline');
});
