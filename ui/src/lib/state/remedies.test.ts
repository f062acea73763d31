import { expect, it, vi } from 'vitest';
import type { ApiError, ErrorCode } from '$lib/api/bindings';
import { WORDING } from '$lib/api/errors';
import { Remedies } from './remedies';

function world() {
  const go = vi.fn<(address: string) => void>();
  const outside = vi.fn<(url: string) => void>();
  return { go, outside, remedies: new Remedies(go, outside) };
}

const error = (code: ErrorCode): ApiError => ({ code, message: 'm', hint: null, requestId: 'r-1' });

it('gives every code words, details with the request, and a button that does what it says', () => {
  const { remedies } = world();
  for (const code of Object.keys(WORDING) as ErrorCode[]) {
    const shown = remedies.explain(error(code), { retry: vi.fn(), webUrl: 'https://hub/a' });
    expect(shown.title).not.toBe('');
    expect(shown.details).toContain('r-1');
    expect(shown.action === null).toBe(WORDING[code].remedy === 'none');
  }
});

it('leads from a missing sign-in to the place to sign in', () => {
  const { remedies, go } = world();
  remedies.explain(error('signedOut'), { retry: vi.fn() }).action?.run();
  expect(go).toHaveBeenCalledWith('/welcome');
});

it('opens the page of a gated repository, and offers nothing where there is none', () => {
  const { remedies, outside } = world();
  remedies.explain(error('gated'), { retry: vi.fn(), webUrl: 'https://hub/a' }).action?.run();
  expect(outside).toHaveBeenCalledWith('https://hub/a');
  expect(remedies.explain(error('gated'), { retry: vi.fn() }).action).toBeNull();
});

it('tries again what may work the second time', () => {
  const { remedies } = world();
  const retry = vi.fn();
  remedies.explain(error('offline'), { retry }).action?.run();
  expect(retry).toHaveBeenCalledOnce();
});
