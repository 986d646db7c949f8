import type { ModelVersion } from './model-version.ts';

/** Whether requests for a model share runs: `on`, or `off` and why. */
export function batchingWord({ batching }: ModelVersion): string {
  return batching.isOn ? 'on' : `off: ${batching.whyNot}`;
}
