import { expect, it } from 'vitest';
import { hostOf } from './host';

it('shows the host and port, and what it cannot read as it is', () => {
  expect(hostOf('https://hub.example/path')).toBe('hub.example');
  expect(hostOf('http://127.0.0.1:4444')).toBe('127.0.0.1:4444');
  expect(hostOf('nonsense')).toBe('nonsense');
});
