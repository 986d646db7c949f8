import { priceSnapshot } from '../../core/usage/price-snapshot.ts';
import type { Prices } from '../../core/usage/prices.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { textOfFile } from '../text-of-file.ts';

/** Where `tensorgate prices refresh` stores prices, in `.usage`. */
export const pricesFile = 'prices.json';

/**
 * The prices that were stored in `.usage`, which are of the region that its operator wants, or those that this version
 * brings. Rejects where they cannot be read.
 */
export async function currentPrices(store: Pick<ObjectStore, 'list' | 'read'>): Promise<Prices> {
  const [file] = await store.list(pricesFile);
  if (file?.key !== pricesFile) return priceSnapshot;
  return JSON.parse(await textOfFile(store, file));
}
