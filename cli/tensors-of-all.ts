import type { DataRows } from '../src/adapters/training/data-rows.ts';
import { BadRows } from '../src/core/training/bad-rows.ts';
import type { Tensor } from '../src/protocol/tensor.ts';

/**
 * What a model takes for all rows, those to measure by behind the others. Rejects with an Error that names the rows
 * where there is nothing that it takes, such as no picture.
 */
export async function tensorsOfAll(
  rows: DataRows,
  test: DataRows | undefined,
): Promise<readonly (readonly Tensor[])[]> {
  const all: (readonly Tensor[])[] = [];
  for (const each of test ? [rows, test] : [rows]) {
    const bad = new BadRows(each.label);
    for (const row of each.keys.keys())
      try {
        all.push(await each.tensorsOf(row));
      } catch (error) {
        bad.add(row, (error as Error).message);
      }
    bad.throwIfAny();
  }
  return all;
}
