import type { Environment } from 'vitest/runtime';

/**
 * Runs tests without a DOM, but compiles runes as the browser gets them: for a server they would
 * be plain variables, and nothing would react.
 */
export default {
  name: 'runes',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined }),
} satisfies Environment;
