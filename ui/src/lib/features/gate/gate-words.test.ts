import { expect, it } from 'vitest';
import type { Gate, GateState } from '$lib/api/bindings';
import { gateWords } from './gate-words';

const gate = (state: GateState, mode: Gate['mode'] = 'manual') => ({ state, mode }) as Gate;

it('says who decides before one asks, and that the answer is watched for afterwards', () => {
  expect(gateWords(gate('ask'))).toBe('The authors look at each request.');
  expect(gateWords(gate('ask', 'auto'))).toContain('as soon as');
  expect(gateWords(gate('pending'))).toContain('We look every minute');
});

it('promises nothing to whom the authors have declined, or whom the Hub does not know', () => {
  expect(gateWords(gate('rejected'))).not.toContain('tell you');
  expect(gateWords(gate('signedOut'))).toContain('signed in');
});
