import type { Sound } from '../../ports/sound.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Differentiated } from './differentiated.ts';

const usualSpans = 16;

/** Weights of the samples of a sound as spans of it. It throws 400 where the model takes no samples. */
export function shownSound({ length, sampleRate }: Sound, spans = usualSpans): Differentiated['shown'] {
  return async (_host, weights) => {
    if (weights.length < length)
      throw new ServiceError(
        400,
        'gradients are of sounds whose samples the model takes; kernel-shap, lime and occlusion take any',
      );
    const count = Math.min(spans, length);
    const found = Array.from({ length: count }, (_item, at) => {
      const [from, to] = [Math.round((at * length) / count), Math.round(((at + 1) * length) / count)];
      const weight = weights.subarray(from, to).reduce((sum, each) => sum + each, 0);
      return { start: from / sampleRate, end: to / sampleRate, weight };
    });
    return { spans: found };
  };
}
