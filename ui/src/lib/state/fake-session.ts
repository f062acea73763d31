import type { Session } from '$lib/api/bindings';

/** A session for tests: a Hub is open, and nobody is signed in. */
export const session: Session = {
  stage: 'open',
  endpoint: 'https://hub.example',
  isDemo: false,
  user: null,
  account: null,
  isRestoring: false,
  cache: { path: '/cache', repos: 0 },
};
