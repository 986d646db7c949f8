import { untilQuiet } from './until-quiet.ts';

// Callers that are in the midst of a series of requests come again sooner than ten of these.
const lookMs = 25;

/** Resolves once no request has arrived for a quarter of a second, or after `mostMs`. */
export function untilRequestsPause(arrived: () => number, mostMs: number): Promise<void> {
  const started = performance.now();
  return untilQuiet(arrived, lookMs, () => performance.now() - started >= mostMs);
}
