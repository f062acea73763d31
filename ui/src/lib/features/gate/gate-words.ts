import type { Gate, GateField } from '$lib/api/bindings';

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

/** More than these are for the page in the browser. */
const OPTIONS_SHOWN = 6;

/** What kind of answer the authors want to a field of their form; empty for plain words. */
export function fieldWords({ kind, options }: GateField): string {
  switch (kind) {
    case 'text':
    case 'other':
      return '';
    case 'checkbox':
      return 'to be ticked';
    case 'date':
      return 'a date';
    case 'country':
      return 'a country';
    case 'ipLocation':
      return 'your country, which the Hub finds out from your address on the network';
    case 'select':
      return oneOf(options);
  }
}

function oneOf(options: readonly string[]): string {
  if (options.length === 0) return 'one of several';
  const shown = options.slice(0, OPTIONS_SHOWN);
  const more = options.length - shown.length;
  return `one of: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
