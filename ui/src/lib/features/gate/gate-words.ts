import type { Gate } from '$lib/api/bindings';

const BY: Record<Gate['mode'], string> = {
  auto: 'Access is given as soon as you have asked for it.',
  manual: 'The authors look at each request.',
  other: 'The Hub does not say who decides.',
};

/** How an account stands before a gate. What was sent on the page in the browser only the Hub knows. */
export function gateWords({ state, mode }: Gate): string {
  switch (state) {
    case 'granted':
      return 'You have access.';
    case 'ask':
      return BY[mode];
    case 'pending':
      return 'Answer the authors on the page in your browser, if you have not yet. We look every minute whether you have access and tell you.';
    case 'rejected':
      return 'The authors have declined your request.';
    case 'signedOut':
      return 'Only somebody who is signed in can ask.';
  }
}
