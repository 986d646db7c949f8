import { emptyReleases } from '../../core/releases/empty-releases.ts';
import type { ReleaseState } from '../../ports/model-store.ts';
import { parseReleases } from './parse-releases.ts';
import type { ReadSettings } from './stored-model.ts';

/**
 * What callers of a model get by its `aliases.json`, and what is wrong with the file, which `read` gives if there is
 * one, where it does not hold.
 */
export async function readReleases(read: () => Promise<string | undefined>): Promise<ReadSettings<ReleaseState>> {
  try {
    const text = await read();
    return { value: text === undefined ? emptyReleases : parseReleases(text) };
  } catch (error) {
    return { value: emptyReleases, problem: `aliases.json: ${(error as Error).message}` };
  }
}
