import staticAdapter from '@sveltejs/adapter-static';
import { externaliseBootstrap, plainAnnouncer } from './strict-csp.js';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: [plainAnnouncer],
  kit: {
    adapter: externaliseBootstrap(
      staticAdapter({ pages: 'build', assets: 'build', fallback: 'index.html' }),
    ),
    paths: { relative: false },
  },
};
