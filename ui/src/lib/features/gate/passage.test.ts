import { expect, it } from 'vitest';
import type { ApiError, Gate } from '$lib/api/bindings';
import { passage } from './passage';

it('is open only when access was granted', () => {
  expect(passage({ state: 'granted' } as Gate, undefined)).toBe('open');
  expect(passage({ state: 'pending' } as Gate, undefined)).toBe('closed');
});

it('is asked for until there is an answer, and keeps an old answer when a newer one fails', () => {
  const error = { code: 'offline' } as ApiError;
  expect(passage(undefined, undefined)).toBe('asking');
  expect(passage(undefined, error)).toBe('closed');
  expect(passage({ state: 'granted' } as Gate, error)).toBe('open');
});
