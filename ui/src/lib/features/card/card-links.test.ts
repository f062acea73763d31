import { expect, it } from 'vitest';
import { headingLevels, resolveCardLink } from './card-links';

const web = 'https://hub.example/acme/tiny';

it.each([
  ['https://example.org/x', 'https://example.org/x'],
  ['mailto:a@example.org', 'mailto:a@example.org'],
  ['/datasets/acme/rows', 'https://hub.example/datasets/acme/rows'],
  ['docs/usage.md', 'https://hub.example/acme/tiny/blob/refs%2Fpr%2F1/docs/usage.md'],
  ['./LICENSE', 'https://hub.example/acme/tiny/blob/refs%2Fpr%2F1/LICENSE'],
])('%s leads outside, to %s', (href, url) => {
  expect(resolveCardLink(href, web, 'refs/pr/1')).toEqual({ to: 'outside', url });
});

it('keeps an anchor inside the card', () => {
  expect(resolveCardLink('#how%20to', web, 'main')).toEqual({ to: 'anchor', id: 'how to' });
});

it.each(['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'https://'])(
  '%s leads nowhere',
  (href) => {
    expect(resolveCardLink(href, web, 'main')).toEqual({ to: 'nowhere' });
  },
);

it('announces headings without a gap, whatever the author wrote', () => {
  expect(headingLevels([1, 3, 3, 2, 6, 1])).toEqual([2, 3, 3, 3, 4, 2]);
  expect(headingLevels([4, 2])).toEqual([2, 2]);
});
