import type { ChosenVersion } from '../core/canary/chosen-version.ts';
import { tokensOf } from '../core/tokens-of.ts';
import type { HttpResponse } from './http-message.ts';
import type { InferCall } from './infer-call.ts';
import { serverTiming } from './server-timing.ts';

/** What a response says of the inference that it answers, `items` of them, for headers, traces and usage. */
export function answerRecord(
  call: InferCall,
  chosen: ChosenVersion,
  items: number,
): Required<Pick<HttpResponse, 'timing' | 'stages' | 'served'>> {
  const { times, received } = call;
  return {
    timing: serverTiming(times),
    stages: { receivedMs: received, times },
    served: { ...chosen.served, items, ...tokensOf(call) },
  };
}
