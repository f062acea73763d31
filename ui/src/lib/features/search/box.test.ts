import { describe, expect, it } from 'vitest';
import { destination } from './box';

describe('the box at the top', () => {
  it.each([
    ['tiny llama', '/models?search=tiny%20llama'],
    ['llama', '/models?search=llama'],
    ['acme/tiny-7b', '/models/acme/tiny-7b'],
    [' acme/tiny-7b ', '/models/acme/tiny-7b'],
    ['datasets/acme/rows', '/datasets/acme/rows'],
    ['https://hub.example/acme/tiny', '/models/acme/tiny'],
    ['https://hub.example/gpt2/', '/models/gpt2'],
    ['https://hub.example/datasets/acme/rows/tree/v1', '/datasets/acme/rows/tree/v1'],
    ['https://hub.example/acme/tiny/tree/refs%2Fpr%2F1', '/models/acme/tiny/tree/refs%2Fpr%2F1'],
    ['hf://spaces/acme/app', '/spaces/acme/app'],
    ['https://hub.example/datasets', '/datasets'],
    ['a/b/c', '/models?search=a%2Fb%2Fc'],
    ['', '/models'],
  ])('leads from "%s" to %s', (text, address) => {
    expect(destination(text, 'model')).toBe(address);
  });

  it('takes a bare name for the kind on screen, but a link for what it says', () => {
    expect(destination('acme/rows', 'dataset')).toBe('/datasets/acme/rows');
    expect(destination('https://hub.example/acme/tiny', 'dataset')).toBe('/models/acme/tiny');
  });
});
