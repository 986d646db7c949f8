import type { TracedStage } from '../ports/request-tracer.ts';
import type { HttpResponse } from './http-message.ts';

/** When the stages of an inference began and ended: they follow each other. What took no time is left out. */
export function stagesOf({ receivedMs, times }: NonNullable<HttpResponse['stages']>): readonly TracedStage[] {
  const { inputMs, cache, loadMs, queueMs, inferMs, outputMs } = times;
  let endedMs = receivedMs;
  return Object.entries({
    input: inputMs,
    cache: cache?.ms ?? 0,
    load: loadMs,
    queue: queueMs,
    infer: inferMs,
    output: outputMs,
  })
    .map(([name, ms]) => {
      const startedMs = endedMs;
      endedMs += ms;
      return { name, startedMs, endedMs };
    })
    .filter(({ startedMs, endedMs }) => endedMs > startedMs);
}
