import { join } from 'node:path';
import { readMainGraph } from '../../graph/read-main-graph.ts';
import { whyRowsMix } from '../../graph/why-rows-mix.ts';
import type { ModelTraits } from '../../ports/model-store.ts';
import { checkGraph } from './check-graph.ts';

/** What the graph of the model in `folder` tells of its runs. Rejects as `checkGraph`. */
export async function readTraits(folder: string, label: string): Promise<ModelTraits> {
  const { operators } = await checkGraph(folder, label);
  // What has more in it than is read here can be served all the same.
  const mixesRows = await readMainGraph(join(folder, 'model.onnx')).then(
    whyRowsMix,
    () => 'its graph could not be read',
  );
  return { operators: Object.keys(operators), mixesRows: mixesRows ?? '' };
}
