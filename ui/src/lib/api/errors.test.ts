import { expect, it } from 'vitest';
import { REMEDY_LABEL, WORDING, errorDetails, toApiError } from './errors';

it('gives details that hold the code and the request', () => {
  const details = errorDetails({
    code: 'hubDown',
    message: 'The Hub answered 503 for acme/tiny.',
    hint: 'Try again in a minute.',
    requestId: 'Root=1-abc',
  });
  expect(details).toContain('Code: hubDown');
  expect(details).toContain('Request: Root=1-abc');
  expect(details).toContain('acme/tiny');
});

it('leaves out what an error does not have', () => {
  const details = errorDetails({ code: 'offline', message: 'm', hint: null, requestId: null });
  expect(details).not.toContain('Request');
  expect(details).not.toContain('null');
});

it('ends no title with a full stop and gives every remedy that acts a label', () => {
  for (const { title, remedy } of Object.values(WORDING)) {
    expect(title).not.toMatch(/\.$/);
    expect(remedy === 'none' || REMEDY_LABEL[remedy] !== null).toBe(true);
  }
});

it('keeps an error of ours and wraps anything else', () => {
  const ours = { code: 'gated', message: 'm', hint: null, requestId: null } as const;
  expect(toApiError(ours)).toBe(ours);
  expect(toApiError(new TypeError('failed to fetch'))).toMatchObject({
    code: 'internal',
    message: 'Hubdesk could not answer: failed to fetch',
  });
});
