import type { OutputTensor } from '../../protocol/inference.ts';
import type { ItemInputs, ItemOutputs } from './flow.ts';

type Wanted = Pick<ItemOutputs, 'topK' | 'aggregation' | 'dimensions'>;

/** The outputs of an item's run, with what later steps have to know of its inputs. */
export function itemOutputs(
  { placement, windows, encoded, tokens }: Partial<ItemInputs>,
  outputs: readonly OutputTensor[],
  wanted: Wanted = { topK: undefined },
): ItemOutputs {
  return {
    ...wanted,
    tensors: new Map(outputs.map((output) => [output.name, output])),
    placement,
    ...(windows && { windows }),
    ...(encoded && { encoded }),
    ...(tokens !== undefined && { tokens }),
  };
}
