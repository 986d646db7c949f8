import { classNames } from '../../graph/class-names.ts';
import type { ModelTraits } from '../../ports/model-store.ts';
import { checkGraph } from './check-graph.ts';
import { whyRowsMixOf } from './why-rows-mix-of.ts';

/** What the graph of the model at `path` tells of its runs. Rejects as `checkGraph`. */
export async function readTraits(path: string, label: string): Promise<ModelTraits> {
  const { operators, isDecoder, model } = await checkGraph(path, label);
  return {
    operators: Object.keys(operators),
    mixesRows: whyRowsMixOf(model),
    ...(isDecoder && { isDecoder }),
    classes: classNames(model.graph),
  };
}
