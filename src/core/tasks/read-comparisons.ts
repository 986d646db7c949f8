import { ServiceError } from '../../protocol/service-error.ts';
import { shownJson } from '../shown-json.ts';
import type { AskedItems } from './asked-items.ts';
import type { TextItem } from './flow.ts';
import type { Task } from './task.ts';

/** Whether an item is sentences that are compared, in place of a text. */
export function comparesSentences({ name }: Pick<Task, 'name'>): boolean {
  return name === 'sentence-similarity';
}

/**
 * Comparisons, in the shape of Hugging Face's inference API, as the texts that vectors are made of. Throws ServiceError
 * 400 for what is none.
 */
export function readComparisons(all: readonly unknown[], truncate: boolean): AskedItems {
  const texts = all.map((item, index) => {
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
    items: texts.flat().map((text): TextItem => ({ text, truncate })),
    counts: texts.map(({ length }) => length - 1),
  };
}
