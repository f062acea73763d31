import type { ApiError, ErrorCode } from './bindings';

/** What the one button of an error does. */
export type Remedy =
  'retry' | 'signIn' | 'askForAccess' | 'openSettings' | 'chooseHub' | 'discover' | 'none';

/** How an error looks: something to do, something to wait for, something broken. */
export type Tone = 'info' | 'warning' | 'danger';

/** The words of an error code. What happened exactly is in the error's own message. */
export interface Wording {
  title: string;
  tone: Tone;
  remedy: Remedy;
}

/** One row per code; the type-checker asks for a row when Rust adds a code. */
export const WORDING: Record<ErrorCode, Wording> = {
  signedOut: { title: 'Sign in to see this', tone: 'info', remedy: 'signIn' },
  gated: { title: 'Access has to be asked for', tone: 'info', remedy: 'askForAccess' },
  forbidden: { title: 'This account may not do that', tone: 'warning', remedy: 'signIn' },
  notFound: { title: 'Not found', tone: 'info', remedy: 'discover' },
  conflict: { title: 'Something else is there already', tone: 'warning', remedy: 'retry' },
  paymentNeeded: { title: 'The plan does not cover this', tone: 'info', remedy: 'none' },
  unsure: { title: 'It is not known whether this happened', tone: 'warning', remedy: 'none' },
  rateLimited: { title: 'The Hub asks us to slow down', tone: 'warning', remedy: 'retry' },
  hubDown: { title: 'The Hub has a fault', tone: 'warning', remedy: 'retry' },
  offline: { title: 'The Hub cannot be reached', tone: 'warning', remedy: 'retry' },
  proxyRefused: {
    title: 'The proxy does not let us through',
    tone: 'warning',
    remedy: 'openSettings',
  },
  badAnswer: {
    title: 'The Hub gave an answer that makes no sense',
    tone: 'danger',
    remedy: 'openSettings',
  },
  badInput: { title: 'That is not valid', tone: 'warning', remedy: 'none' },
  noSpace: { title: 'Not enough room', tone: 'warning', remedy: 'retry' },
  notWritable: { title: 'The folder cannot be written to', tone: 'danger', remedy: 'retry' },
  badName: { title: 'A file name this computer cannot hold', tone: 'warning', remedy: 'none' },
  noHub: { title: 'No Hub is open', tone: 'info', remedy: 'chooseHub' },
  internal: { title: 'Something went wrong in Hubdesk', tone: 'danger', remedy: 'retry' },
};

/** The label of each remedy's button; `null` where there is nothing to press. */
export const REMEDY_LABEL: Record<Remedy, string | null> = {
  retry: 'Try again',
  signIn: 'Sign in…',
  askForAccess: 'Ask for access on the web',
  openSettings: 'Open Settings',
  chooseHub: 'Choose a Hub…',
  discover: 'Go to Discover',
  none: null,
};

/** What "Copy details" puts on the clipboard: enough for support, and no secret. */
export function errorDetails(error: ApiError): string {
  const lines = [WORDING[error.code].title, error.message];
  if (error.hint !== null) lines.push(error.hint);
  lines.push(`Code: ${error.code}`);
  if (error.requestId !== null) lines.push(`Request: ${error.requestId}`);
  return lines.join('\n');
}

/** Makes an `ApiError` of anything thrown, so that no screen has to know more than one kind. */
export function toApiError(thrown: unknown): ApiError {
  if (isApiError(thrown)) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    message: `Hubdesk could not answer: ${detail}`,
    hint: null,
    requestId: null,
  };
}

function isApiError(thrown: unknown): thrown is ApiError {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    typeof (thrown as Partial<ApiError>).code === 'string' &&
    typeof (thrown as Partial<ApiError>).message === 'string'
  );
}
