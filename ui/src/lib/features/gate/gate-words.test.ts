import { expect, it } from 'vitest';
import type { Gate, GateFieldKind, GateState } from '$lib/api/bindings';
import { fieldWords, gateWords } from './gate-words';

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

it('says what kind of answer a field wants, and not all of many options', () => {
  const words = (kind: GateFieldKind, options: string[] = []) =>
    fieldWords({ label: 'x', kind, options });
  expect(words('text')).toBe('');
  expect(words('checkbox')).toBe('to be ticked');
  expect(words('ipLocation')).toContain('the Hub finds out');
  expect(words('select', ['Research', 'Care'])).toBe('one of: Research, Care');
  expect(words('select', [...'abcdefgh'])).toBe('one of: a, b, c, d, e, f and 2 more');
  expect(words('select')).toBe('one of several');
});
