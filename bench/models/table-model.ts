import { buildOnnx } from '../../test/fakes/onnx-builder.ts';
import { layersGraph } from './layers-graph.ts';
import { storeContent } from './store-content.ts';
import type { StoredModel } from './stored-model.ts';

/** A network for the rows of a table, 64 → 32 → 10: all but nothing to run. */
export function tableModel(): StoredModel {
  return storeContent('table', buildOnnx(layersGraph([64, 32, 10])));
}
