import type { ModelVersion } from './model-version.ts';

/** Whether requests for a model share runs, texts where it goes on with those: `on`, or `off` and why. */
export function batchingWord({ batching: ofTensors, textBatching }: ModelVersion): string {
  const batching = textBatching ?? ofTensors;
  return batching.isOn ? 'on' : `off: ${batching.whyNot}`;
}
