import type { ApiHandler } from './api-handler.ts';

/** What a function is told that streams, in its environment: it has more time than what does not stream may take. */
export function streamSettings({
  timeout,
  streamTimeout,
}: Pick<ApiHandler, 'timeout' | 'streamTimeout'>): Record<string, string> {
  if (!streamTimeout) return {};
  return { TENSORGATE_STREAMS: 'true', TENSORGATE_ANSWER_SECONDS: String(timeout.toSeconds()) };
}
