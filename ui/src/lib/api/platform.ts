import { isTauri } from '@tauri-apps/api/core';
import type { Commands, Reply, UiEvent } from './bindings';
import { browserPlatform } from './browser';
import { tauriPlatform } from './tauri';

export type Command = keyof Commands;
export type RequestOf<C extends Command> = Commands[C]['request'];
export type AnswerOf<C extends Command> = Commands[C]['answer'];
export type ReplyOf<C extends Command> = Omit<Reply, 'answer'> & { answer: AnswerOf<C> };

/** The one way out of the window. Nothing else opens a connection. */
export interface Platform {
  readonly kind: 'tauri' | 'browser';
  /** Rejects with an `ApiError`, whatever goes wrong. */
  call<C extends Command>(command: C, request: RequestOf<C>): Promise<AnswerOf<C>>;
  /** The same, for who has to know whether the answer is as it is now. */
  ask<C extends Command>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>>;
  /**
   * Listens; the first event is a snapshot. `onLost` is called once when nothing more will come.
   * The function returned stops listening.
   */
  subscribe(onEvent: (event: UiEvent) => void, onLost: () => void): () => void;
}

export function detectPlatform(): Platform {
  return isTauri() ? tauriPlatform() : browserPlatform();
}
