import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

const channel = 'http.client.request.start';

/**
 * Calls back once the process's next request over HTTP has left it, when there is nothing to do but wait for its
 * answer.
 */
export function onceAsked(work: () => void): void {
  const whenStarted = (message: unknown) => {
    unsubscribe(channel, whenStarted);
    const { request } = message as { readonly request: ClientRequest };
    // What blocks the thread before the connection stands would hold the request itself up.
    request.once('finish', () => setImmediate(work));
  };
  subscribe(channel, whenStarted);
}
