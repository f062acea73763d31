import { expect, it } from 'vitest';
import { qrPath } from './qr';

it('draws each run of dark modules once, inside a quiet zone', () => {
  expect(qrPath(['1101', '0000', '0110', '1111'])).toEqual({
    path: 'M4 4h2v1h-2zM7 4h1v1h-1zM5 6h2v1h-2zM4 7h4v1h-4z',
    side: 12,
  });
});
