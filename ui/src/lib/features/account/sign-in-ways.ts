import type { Ways } from '$lib/api/bindings';
import { hostOf } from '$lib/format/host';

/** The ways to sign in at a Hub; empty is the one of the settings, of which alone all ways are known. */
export function waysAt(endpoint: string, ways: Ways): Ways {
  const known = ways.endpoint;
  if (endpoint === '' || known === null || hostOf(endpoint) === hostOf(known)) return ways;
  const why = `With the browser one signs in at the Hub of the settings only, ${hostOf(known)}. A token always works.`;
  return { endpoint, browser: false, device: false, why };
}
