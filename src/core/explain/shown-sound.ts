import type { Sound } from '../../ports/sound.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Differentiated } from './differentiated.ts';
import { spanEdges } from './span-edges.ts';

/** Weights of the samples of a sound as spans of it. It throws 400 where the model takes no samples. */
export function shownSound({ length, sampleRate }: Sound, spans: number | undefined): Differentiated['shown'] {
  return async (_host, weights) => {
    if (weights.length < length)
      throw new ServiceError(
        400,
        'gradients are of sounds whose samples the model takes; kernel-shap, lime and occlusion take any',
      );
    const edges = spanEdges(length, spans);
    const found = edges.slice(0, -1).map((from, at) => {
      const to = edges[at + 1] as number;
      const weight = weights.subarray(from, to).reduce((sum, each) => sum + each, 0);
      return { start: from / sampleRate, end: to / sampleRate, weight };
    });
    return { spans: found };
  };
}
