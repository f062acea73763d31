import { isTauri } from '@tauri-apps/api/core';
import type { Commands, UiEvent } from './bindings';
import { browserPlatform } from './browser';
import { tauriPlatform } from './tauri';

export type Command = keyof Commands;
export type RequestOf<C extends Command> = Commands[C]['request'];
export type AnswerOf<C extends Command> = Commands[C]['answer'];

/** The one way out of the window. Nothing else opens a connection. */
export interface Platform {
  readonly kind: 'tauri' | 'browser';
  /** Rejects with an `ApiError`, whatever goes wrong. */
  call<C extends Command>(command: C, request: RequestOf<C>): Promise<AnswerOf<C>>;
  /**
   * Listens; the first event is a snapshot. `onLost` is called once when nothing more will come.
   * The function returned stops listening.
   */
  subscribe(onEvent: (event: UiEvent) => void, onLost: () => void): () => void;
}

export function detectPlatform(): Platform {
  return isTauri() ? tauriPlatform() : browserPlatform();
}
