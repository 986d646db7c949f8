import { withFewerLayers } from '../src/graph/layers/with-fewer-layers.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import { pruneHeads } from '../src/graph/prune/prune-heads.ts';
import { type Pruned, pruneNeurons } from '../src/graph/prune/prune-neurons.ts';
import { zeroSmallest } from '../src/graph/prune/zero-smallest.ts';
import { UsageError } from './usage-error.ts';

/** What is to go. */
export interface Cuts {
  /** Layers that are left. */
  readonly layers?: number;
  /** Shares that go. */
  readonly heads?: number;
  readonly neurons?: number;
  readonly magnitude?: number;
}

/**
 * The model without what is to go, layers first, and what was done. Throws an Error where it has nothing of that kind.
 */
export async function cutOut(
  model: OnnxModel,
  { layers, heads, neurons, magnitude }: Cuts,
): Promise<{ readonly model: OnnxModel; readonly passes: readonly string[] }> {
  const passes: string[] = [];
  let left = model;
  if (layers !== undefined) {
    const cut = withFewerLayers(left, layers);
    left = cut.model;
    passes.push(`layers ${cut.kept.map((layer) => layer + 1).join(', ')} of ${cut.of}`);
  }
  const structured = async (words: string, found: Pruned, more = '') => {
    if (found.layers === 0)
      throw new Error(
        `expected ${words} that can be cut out one by one, found none, or none by so small a share${more}`,
      );
    left = found.model;
    passes.push(`${found.kept} of ${found.of} ${words}, in ${found.layers} layers`);
  };
  if (heads !== undefined) await structured('attention heads', await pruneHeads(left, heads));
  if (neurons !== undefined) {
    const more = ': of a layer that has thirty-twos, only whole ones of these go';
    await structured('hidden neurons', await pruneNeurons(left, neurons), more);
  }
  if (magnitude !== undefined) {
    left = zeroSmallest(left, magnitude);
    passes.push(`${Number((100 * magnitude).toPrecision(3))} % of each weight set to 0`);
  }
  if (passes.length === 0) throw new UsageError('say what is to go: --layers, --heads, --neurons or --magnitude');
  return { model: left, passes };
}
