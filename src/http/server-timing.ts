import type { StageTimes } from '../core/model-statistics.ts';
import { roundedMs } from './rounded-ms.ts';

/** The stages of a request as the header Server-Timing has them, in milliseconds. Source: W3C, "Server Timing". */
export function serverTiming({ inputMs, cache, loadMs, queueMs, inferMs, outputMs }: StageTimes): string {
  const cached = cache ? `cache;desc=${cache.isHit ? 'hit' : 'miss'};dur=${text(cache.ms)}, ` : '';
  return `input;dur=${text(inputMs)}, ${cached}load;dur=${text(loadMs)}, queue;dur=${text(queueMs)}, infer;dur=${text(inferMs)}, output;dur=${text(outputMs)}`;
}

/** With three decimals at most. */
function text(ms: number): string {
  return String(roundedMs(ms));
}
