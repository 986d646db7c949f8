import type { DataRows } from '../src/adapters/training/data-rows.ts';
import type { Tensor } from '../src/protocol/tensor.ts';

/** What a model takes for all rows, those to measure by behind the others. */
export async function tensorsOfAll(
  rows: DataRows,
  test: DataRows | undefined,
): Promise<readonly (readonly Tensor[])[]> {
  const all: (readonly Tensor[])[] = [];
  for (const each of test ? [rows, test] : [rows])
    for (const row of each.keys.keys()) all.push(await each.tensorsOf(row));
  return all;
}
