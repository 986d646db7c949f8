import type { Steps } from '../pace/steps.ts';

const samplesAtOnce = 100_000;

/**
 * Samples with a mean of 0 and a variance of 1; silence stays silence.
 *
 * Source: transformers, Wav2Vec2FeatureExtractor.zero_mean_unit_var_norm.
 */
export function* normalized(samples: Float32Array): Steps<Float32Array<ArrayBuffer>> {
  const { length } = samples;
  const mean = (yield* sumOf(samples, (sample) => sample)) / length;
  const variance = (yield* sumOf(samples, (sample) => (sample - mean) ** 2)) / length;
  const scale = 1 / Math.sqrt(variance + 1e-7);
  const made = new Float32Array(length);
  for (let at = 0; at < length; at += 1) {
    if (at % samplesAtOnce === 0) yield;
    made[at] = ((samples[at] as number) - mean) * scale;
  }
  return made;
}

function* sumOf(samples: Float32Array, part: (sample: number) => number): Steps<number> {
  let sum = 0;
  for (let at = 0; at < samples.length; at += 1) {
    if (at % samplesAtOnce === 0) yield;
    sum += part(samples[at] as number);
  }
  return sum;
}
