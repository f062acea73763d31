import type { ApiError, Gate } from '$lib/api/bindings';

/** Whether a repository's files can be read; `asking` until that is known. */
export type Passage = 'open' | 'asking' | 'closed';

/** What is known of a gate. One that cannot be asked about says so itself, and so counts as closed. */
export function passage(gate: Gate | undefined, error: ApiError | undefined): Passage {
  if (gate) return gate.state === 'granted' ? 'open' : 'closed';
  return error ? 'closed' : 'asking';
}
