import { Channel, invoke } from '@tauri-apps/api/core';
import type { UiEvent } from './bindings';
import { toApiError } from './errors';
import type { AnswerOf, Command, Platform, RequestOf } from './platform';

/** The window of the application. */
export function tauriPlatform(): Platform {
  return {
    kind: 'tauri',
    async call<C extends Command>(command: C, request: RequestOf<C>) {
      try {
        return await invoke<AnswerOf<C>>('rpc', { command, request });
      } catch (thrown) {
        throw toApiError(thrown);
      }
    },
    subscribe(onEvent, onLost) {
      let isListening = true;
      const channel = new Channel<UiEvent>();
      channel.onmessage = (event) => {
        if (isListening) onEvent(event);
      };
      invoke('subscribe', { channel }).catch(() => {
        if (isListening) onLost();
      });
      return () => {
        isListening = false;
      };
    },
  };
}
