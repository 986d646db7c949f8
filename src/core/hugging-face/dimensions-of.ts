import { shownJson } from '../shown-json.ts';
import type { JsonObject } from './read-json-file.ts';

/**
 * Lengths that vectors may be cut to, as `matryoshka_dimensions` of config.json says; undefined: it does not. Throws an
 * Error for what is no list of lengths.
 */
export function dimensionsOf({ matryoshka_dimensions: lengths }: JsonObject): readonly number[] | undefined {
  if (lengths === undefined || lengths === null) return undefined;
  const areLengths = Array.isArray(lengths) && lengths.every((length) => Number.isSafeInteger(length) && length > 0);
  if (areLengths) return lengths;
  throw new Error(`config.json: matryoshka_dimensions: expected a list of lengths, got ${shownJson(lengths)}`);
}
