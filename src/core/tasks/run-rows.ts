import type { OutputTensor } from '../../protocol/inference.ts';
import { rowsOf } from '../../protocol/rows-of.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { RunModel } from '../batch/run-records.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ItemInputs } from './flow.ts';
import { joinItems } from './join-items.ts';
import { runWindows } from './run-windows.ts';

export interface SharedRuns {
  readonly run: RunModel;
  /** Whether items whose inputs have equal shapes may be rows of one run. */
  readonly canShareRuns: boolean;
  readonly context: InferenceContext;
}

/**
 * The model's outputs for each item, in their order: those whose inputs have equal shapes share a run. Rejects with the
 * first failure.
 */
export async function runRows(
  prepared: readonly ItemInputs[],
  { run, canShareRuns, context }: SharedRuns,
): Promise<readonly (readonly OutputTensor[])[]> {
  const found: (readonly OutputTensor[])[] = [];
  for (const group of groupsOf(prepared, canShareRuns)) {
    const items = group.map((index) => prepared[index] as ItemInputs);
    const rows = await rowsOfRun(items, run, context);
    for (const [place, index] of group.entries()) found[index] = rows[place] as readonly OutputTensor[];
  }
  return found;
}

/** The places of items that run together. */
function groupsOf(prepared: readonly ItemInputs[], canShareRuns: boolean): readonly (readonly number[])[] {
  const groups = Map.groupBy(prepared.keys(), (index) => {
    const { tensors, windows } = prepared[index] as ItemInputs;
    return canShareRuns && !windows ? tensors.map(({ shape }) => shape.join('x')).join(' ') : index;
  });
  return [...groups.values()];
}

/** The outputs of each item of a run. */
async function rowsOfRun(
  items: readonly ItemInputs[],
  run: RunModel,
  context: InferenceContext,
): Promise<readonly (readonly OutputTensor[])[]> {
  const [first] = items as readonly [ItemInputs];
  if (first.windows) return [await runWindows(first.windows, run, context)];
  if (items.length === 1) return [await run(first.tensors)];
  const outputs = await run(joinItems(items.map(({ tensors }) => tensors)));
  const odd = outputs.find(({ shape }) => shape[0] !== items.length);
  if (odd) throw new ServiceError(500, `output '${odd.name}' has the shape [${odd.shape}] for ${items.length} items`);
  return items.map((_item, row) => outputs.map((output) => rowsOf(output, row, row + 1)));
}
