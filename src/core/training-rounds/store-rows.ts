import type { ObjectStore } from '../../ports/object-store.ts';
import { joinRows } from '../../protocol/join-rows.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';
import { onePiece } from '../one-piece.ts';
import { encodeTensors } from '../training/encode-tensors.ts';
import type { TrainingRowsOptions } from '../training/training-rows.ts';
import { type RowsPart, rowsFolder } from './rounds-files.ts';

/** What `head` of a file of rows has. */
export interface RowsHead {
  /** Their numbers. */
  readonly rows: readonly number[];
}

/** Of a file: many are read side by side. */
const mostBytes = 16 * 1024 * 1024;
const digits = 5;

/**
 * Stores rows of a part in files of some size, each with rows whose tensors have the same shapes. `groups` has their
 * numbers.
 */
export async function storeRows(
  store: ObjectStore,
  part: RowsPart,
  groups: readonly (readonly number[])[],
  { inputNames, inputs }: Pick<TrainingRowsOptions, 'inputNames' | 'inputs'>,
): Promise<void> {
  let file = 0;
  for (const group of groups) {
    const [first = 0] = group;
    const bytes = (inputs[first] ?? []).reduce((sum, { data }) => sum + data.length, 0);
    const atOnce = Math.max(1, Math.floor(mostBytes / Math.max(1, bytes)));
    for (let from = 0; from < group.length; from += atOnce) {
      const rows = group.slice(from, from + atOnce);
      const tensors = new Map(inputNames.map((name, at) => [name, joined(rows.map((row) => inputs[row]?.[at]))]));
      const head: RowsHead = { rows };
      const name = rowsFolder(part) + String(file).padStart(digits, '0');
      await store.create(name, onePiece(encodeTensors(head, { tensors })));
      file += 1;
    }
  }
}

/** Texts are no inputs that gradients go back to: what is trained takes numbers. */
function joined(tensors: readonly (Tensor | undefined)[]): FixedTensor {
  return joinRows(tensors as [Tensor, ...Tensor[]]) as FixedTensor;
}
