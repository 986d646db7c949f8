import type { Route } from './router.ts';

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** The metrics that a host has, as they are now; nothing of what writes them is loaded before the first call. */
export type ReadMetrics = () => Promise<MetricsText>;

/** `GET /metrics`, in Prometheus's text format. */
export function metricsRoute(read: ReadMetrics): Route {
  return [
    'GET',
    '/metrics',
    'metadata',
    async () => {
      const { contentType, text } = await read();
      return { status: 200, headers: ['content-type', contentType], body: [new TextEncoder().encode(text)] };
    },
  ];
}
