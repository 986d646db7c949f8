import type { Sound } from '../../ports/sound.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { ItemInputs } from '../tasks/flow.ts';
import type { Differentiated } from './differentiated.ts';
import { spanEdges } from './span-edges.ts';

/**
 * Weights of the samples of a sound as spans of it. Throws 400 where `inputs`, which the model takes of it, are no
 * samples.
 */
export function shownSound(
  { length, sampleRate }: Sound,
  { tensors }: ItemInputs,
  spans: number | undefined,
): Differentiated['shown'] {
  if (!tensors.some(({ shape }) => (shape.at(-1) ?? 0) >= length && shape.slice(0, -1).every((size) => size === 1)))
    throw new ServiceError(
      400,
      'gradients are of sounds whose samples the model takes; kernel-shap, lime and occlusion take any',
    );
  return async (_host, weights) => {
    const edges = spanEdges(length, spans);
    const found = edges.slice(0, -1).map((from, at) => {
      const to = edges[at + 1] as number;
      const weight = weights.subarray(from, to).reduce((sum, each) => sum + each, 0);
      return { start: from / sampleRate, end: to / sampleRate, weight };
    });
    return { spans: found };
  };
}
