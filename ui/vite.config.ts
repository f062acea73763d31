import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

/** Where `devserver` listens while the interface is being worked on. */
const DEV_SERVER = 'http://127.0.0.1:1421';

export default defineConfig({
  plugins: [sveltekit()],
  clearScreen: false,
  server: {
    host: '127.0.0.1',
    port: 1420,
    strictPort: true,
    proxy: { '/rpc': DEV_SERVER, '/events': DEV_SERVER },
  },
  build: { target: 'safari18' },
  test: {
    include: ['src/**/*.test.ts'],
    environment: './vitest-runes.ts',
  },
});
