import { Channel, invoke } from '@tauri-apps/api/core';
import type { UiEvent } from './bindings';
import { toApiError } from './errors';
import type { Command, Platform, ReplyOf, RequestOf } from './platform';

/** The window of the application. */
export function tauriPlatform(): Platform {
  async function ask<C extends Command>(command: C, request: RequestOf<C>) {
    try {
      return await invoke<ReplyOf<C>>('rpc', { command, request });
    } catch (thrown) {
      throw toApiError(thrown);
    }
  }
  return {
    kind: 'tauri',
    ask,
    call: async (command, request) => (await ask(command, request)).answer,
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
