import type { Caller } from '../ports/caller.ts';
import type { Route } from './router.ts';

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/**
 * The metrics that a host has, as they are now, of the models that a caller may know of; nothing of what writes them is
 * loaded before the first call.
 */
export type ReadMetrics = (caller: Caller | undefined) => Promise<MetricsText>;

/** `GET /metrics`, in Prometheus's text format. */
export function metricsRoute(read: ReadMetrics): Route {
  return [
    'GET',
    '/metrics',
    'read',
    async ({ caller }) => {
      const { contentType, text } = await read(caller);
      return { status: 200, headers: ['content-type', contentType], body: [new TextEncoder().encode(text)] };
    },
  ];
}
