import type { Aggregation } from '../../ports/task.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { shownJson } from '../shown-json.ts';

/** What a request asks of all its items. */
export interface ItemParameters {
  /** Classes that are wanted of each; undefined: as many as the task says. */
  readonly topK: number | undefined;
  /** How token classes come; undefined: as the task says. */
  readonly aggregation: Aggregation | undefined;
  /** Texts that are too long are cut. */
  readonly truncate: boolean;
}

/**
 * Reads top_k, aggregation_strategy and truncate, by Hugging Face's names. Throws 400 that names the one that is wrong.
 */
export function itemParameters(parameters: Readonly<Record<string, unknown>>): ItemParameters {
  const { top_k: topK, truncate = false, aggregation_strategy: aggregation } = parameters;
  if (topK !== undefined && !(typeof topK === 'number' && Number.isSafeInteger(topK) && topK > 0))
    throw wrong('top_k', 'a number of classes', topK);
  if (typeof truncate !== 'boolean') throw wrong('truncate', 'true or false', truncate);
  if (aggregation !== undefined && aggregation !== 'simple' && aggregation !== 'none')
    throw wrong('aggregation_strategy', '"simple" or "none"', aggregation);
  return { topK, aggregation, truncate };
}

function wrong(name: string, expected: string, got: unknown): ServiceError {
  return new ServiceError(400, `parameter '${name}': expected ${expected}, got ${shownJson(got)}`);
}
