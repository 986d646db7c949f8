import { inParallel } from './in-parallel.ts';

/**
 * What `work` gives for each item, in their order; it is done for `atOnce` of them at a time. Rejects as `inParallel`.
 */
export async function collectInParallel<T, Found>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, place: number) => Promise<Found>,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  await inParallel(items.entries(), atOnce, async ([place, item]) => {
    found[place] = await work(item, place);
  });
  return found;
}
