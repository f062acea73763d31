import type { UiEvent } from './bindings';
import { toApiError } from './errors';
import type { Command, Platform, ReplyOf, RequestOf } from './platform';

const KEY_NAME = 'hubdesk-key';

/** A plain browser in front of `devserver`: for development and for tests. */
export function browserPlatform(): Platform {
  const key = sessionStorage.getItem(KEY_NAME) ?? '';
  async function ask<C extends Command>(command: C, request: RequestOf<C>) {
    try {
      const response = await fetch(`/rpc/${command}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-hubdesk-key': key },
        body: JSON.stringify(request),
      });
      const reply: unknown = await response.json();
      if (!response.ok) throw reply;
      return reply as ReplyOf<C>;
    } catch (thrown) {
      throw toApiError(thrown);
    }
  }
  return {
    kind: 'browser',
    ask,
    call: async (command, request) => (await ask(command, request)).answer,
    subscribe(onEvent, onLost) {
      const source = new EventSource(`/events?key=${encodeURIComponent(key)}`);
      source.onmessage = (message: MessageEvent<string>) => {
        onEvent(JSON.parse(message.data) as UiEvent);
      };
      source.onerror = () => {
        source.close();
        onLost();
      };
      return () => {
        source.close();
      };
    },
  };
}

/** The key comes in the address once; it is kept for this tab and taken out of sight. */
export function keepKey(): void {
  const address = new URL(location.href);
  const key = address.searchParams.get('key');
  if (key === null) return;
  sessionStorage.setItem(KEY_NAME, key);
  address.searchParams.delete('key');
  history.replaceState(history.state, '', address);
}
