import type { ObjectStore } from '../../ports/object-store.ts';
import { rowsOf } from '../../protocol/rows-of.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { inParallel } from '../batch/in-parallel.ts';
import { readBytes } from '../batch/read-bytes.ts';
import { decodeTensors } from '../training/decode-tensors.ts';
import { TrainingRows } from '../training/training-rows.ts';
import { type RowsPart, rowsFolder } from './rounds-files.ts';
import type { RoundsPlan } from './rounds-plan.ts';
import type { RowsHead } from './store-rows.ts';

const filesAtOnce = 8;

/** The rows of a part, in memory; no others are there. */
export async function readRows(
  store: ObjectStore,
  part: RowsPart,
  { inputNames, targets, target }: Pick<RoundsPlan, 'inputNames' | 'targets' | 'target'>,
): Promise<TrainingRows> {
  const inputs: (readonly Tensor[])[] = [];
  await inParallel(await store.list(rowsFolder(part)), filesAtOnce, async (file) => {
    const { head, groups } = decodeTensors<RowsHead, 'tensors'>(await readBytes(store, file), `rows in ${file.key}`);
    for (const [at, row] of head.rows.entries())
      inputs[row] = inputNames.map((name) => rowsOf(groups.tensors.get(name) as Tensor, at, at + 1));
  });
  return new TrainingRows({ inputNames, inputs, targets, target });
}
