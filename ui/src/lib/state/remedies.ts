import type { ApiError } from '$lib/api/bindings';
import { errorDetails, REMEDY_LABEL, type Remedy, type Tone, WORDING } from '$lib/api/errors';
import { listAddress } from '$lib/address';
import { createContext } from 'svelte';

/** What only the place of an error knows. */
interface Ways {
  retry: () => void;
  /** The page on the web where access is asked for. */
  webUrl?: string | undefined;
}

/** An error as the error panel shows it. */
export interface Explained {
  title: string;
  tone: Tone;
  message: string;
  hint: string | null;
  details: string;
  action: { label: string; run: () => void } | null;
}

/** Turns errors into words and the one button that does something about them. */
export class Remedies {
  constructor(
    private readonly go: (address: string) => void,
    private readonly openOutside: (url: string) => void,
  ) {}

  explain(error: ApiError, ways: Ways): Explained {
    const { title, tone, remedy } = WORDING[error.code];
    const label = REMEDY_LABEL[remedy];
    const run = this.#doing(remedy, ways);
    return {
      title,
      tone,
      message: error.message,
      hint: error.hint,
      details: errorDetails(error),
      action: label !== null && run ? { label, run } : null,
    };
  }

  #doing(remedy: Remedy, { retry, webUrl }: Ways): (() => void) | null {
    switch (remedy) {
      case 'retry':
        return retry;
      case 'signIn':
      case 'chooseHub':
        return () => this.go('/welcome');
      case 'openSettings':
        return () => this.go('/settings');
      case 'discover':
        return () => this.go(listAddress('model'));
      case 'askForAccess':
        return webUrl === undefined ? null : () => this.openOutside(webUrl);
      case 'none':
        return null;
    }
  }
}

export const [getRemedies, setRemedies] = createContext<Remedies>();
