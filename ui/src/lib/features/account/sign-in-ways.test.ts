import { expect, it } from 'vitest';
import { waysAt } from './sign-in-ways';

const ways = { endpoint: 'https://hub.example', browser: true, device: true, why: null };

it('offers the browser at the Hub that the ways are known of, however its address is written', () => {
  for (const endpoint of ['', 'https://hub.example', 'https://hub.example/']) {
    expect(waysAt(endpoint, ways)).toBe(ways);
  }
  expect(waysAt('https://mirror.example', { ...ways, endpoint: null }).browser).toBe(true);
});

it('takes only a token elsewhere, and says where the browser would do', () => {
  const elsewhere = waysAt('https://mirror.example', ways);
  expect(elsewhere).toMatchObject({ browser: false, device: false });
  expect(elsewhere.why).toContain('hub.example');
});
