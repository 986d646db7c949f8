import { shownJson } from '../../core/shown-json.ts';
import type { TextItem } from '../../core/tasks/flow.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** Sentences that are compared with others, in the shape of Hugging Face's inference API. */
export interface Comparisons {
  /** Of each comparison that which is compared, and behind it those that it is compared with. */
  readonly items: readonly TextItem[];
  /** How many those are, of each. */
  readonly counts: readonly number[];
}

/** One comparison, or a list of them. Throws 400 for what is none. */
export function readComparisons(inputs: unknown, truncate: boolean): Comparisons {
  const all = Array.isArray(inputs) ? inputs : [inputs];
  const texts = all.map((item: unknown, index) => {
    const { source_sentence: source, sentences, ...more } = (item ?? {}) as Record<string, unknown>;
    const isList =
      Array.isArray(sentences) && sentences.length > 0 && sentences.every((text) => typeof text === 'string');
    if (typeof source === 'string' && isList && Object.keys(more).length === 0) return [source, ...sentences];
    throw new ServiceError(
      400,
      `item ${index}: expected {"source_sentence": "…", "sentences": ["…", …]}, got ${shownJson(item)}`,
    );
  });
  return {
    items: texts.flat().map((text) => ({ text, truncate })),
    counts: texts.map(({ length }) => length - 1),
  };
}
