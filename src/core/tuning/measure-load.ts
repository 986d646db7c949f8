import type { Clock } from '../../ports/clock.ts';
import type { InferenceRequest } from '../../protocol/inference.ts';
import type { DataPlane } from '../data-plane.ts';
import type { ModelVersion } from '../model-version.ts';
import { withoutDeadline } from '../without-deadline.ts';
import type { LoadPoint } from './load-point.ts';

/** Answers that say enough of one in a hundred. */
const leastAnswers = 100;
/** Of the time, before what is counted: the first answers come from an empty queue. */
const warmUpShare = 0.25;

export interface Load {
  readonly callers: number;
  /**
   * About how long it takes; longer where so few answers came that one in a hundred says nothing, up to four times as
   * long.
   */
  readonly ms: number;
}

/**
 * Lets callers send `request` over and over, once at least, as a transport would. Rejects with the reason where a
 * request fails.
 */
export async function measureLoad(
  dataPlane: DataPlane,
  version: ModelVersion,
  request: InferenceRequest,
  { callers, ms }: Load,
  clock: Clock,
): Promise<LoadPoint> {
  const begin = clock.now() + ms * warmUpShare;
  const [least, most] = [begin + ms * (1 - warmUpShare), begin + 4 * ms];
  const times: number[] = [];
  let end = begin;
  const caller = async () => {
    let now: number;
    do {
      const sent = clock.now();
      await dataPlane.infer(version, request, withoutDeadline(new AbortController().signal));
      now = clock.now();
      if (now < begin) continue;
      times.push(now - sent);
      end = now;
    } while (now < least || (now < most && times.length < leastAnswers));
  };
  await Promise.all(Array.from({ length: callers }, caller));
  times.sort((one, other) => one - other);
  const part = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Number.POSITIVE_INFINITY;
  return { callers, perSecond: (times.length * 1000) / (end - begin), medianMs: part(0.5), p99Ms: part(0.99) };
}
