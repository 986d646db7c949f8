import type { InputTensor } from '../../protocol/inference.ts';
import { joinRows } from '../../protocol/join-rows.ts';

/** The inputs of items of one shape, at least one, as those of one run. */
export function joinItems(items: readonly (readonly InputTensor[])[]): readonly InputTensor[] {
  const [first] = items as readonly [readonly InputTensor[]];
  return first.map(({ name }, input) => {
    const rows = items.map((tensors) => tensors[input]) as [InputTensor];
    return { ...joinRows(rows), name };
  });
}
