import { expect, it } from 'vitest';
import { status } from '$lib/state/fake-transfers';
import { tallyWords } from './tally-words';

it('says how many transfers are how far, and leaves out what there is none of', () => {
  const busy = status({ running: 3, queued: 1200, waiting: 1, paused: 2, needsYou: 1 });
  expect(tallyWords(busy, 5)).toBe(
    '3 running, 1,200 queued, 1 waiting, 2 paused, 1 needs you, 5 ended',
  );
  expect(tallyWords(status({ needsYou: 2 }), 0)).toBe('2 need you');
  expect(tallyWords(status(), 0)).toBe('');
});
