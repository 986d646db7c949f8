import type { TracedStage } from '../ports/request-tracer.ts';
import type { StageTimes } from './model-statistics.ts';

/** How long the stages of an inference took, and when it was received, by `performance.now()`. */
export interface Stages {
  readonly receivedMs: number;
  readonly times: StageTimes;
}

/** When the stages of an inference began and ended: they follow each other. What took no time is left out. */
export function stagesOf({ receivedMs, times }: Stages): readonly TracedStage[] {
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
