import type { MainGraph } from '../../graph/main-graph.ts';
import { mainGraphOf } from '../../graph/main-graph-of.ts';
import type { OnnxModel } from '../../graph/onnx-model.ts';
import { whyRowsMix } from '../../graph/why-rows-mix.ts';

/**
 * Why rows of a model might not be answered each for itself; empty where they are. What has more nodes than are looked
 * through can be served all the same.
 */
export function whyRowsMixOf(model: OnnxModel): string {
  let graph: MainGraph;
  try {
    graph = mainGraphOf(model);
  } catch {
    return 'its graph could not be read';
  }
  return whyRowsMix(graph) ?? '';
}
