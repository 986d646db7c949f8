import { join } from 'node:path';
import type { ModelTraits } from '../../ports/model-store.ts';
import { checkGraph } from './check-graph.ts';
import { whyRowsMixOf } from './why-rows-mix-of.ts';

/** What the graph of the model in `folder` tells of its runs. Rejects as `checkGraph`. */
export async function readTraits(folder: string, label: string): Promise<ModelTraits> {
  const { operators } = await checkGraph(folder, label);
  return { operators: Object.keys(operators), mixesRows: await whyRowsMixOf(join(folder, 'model.onnx')) };
}
