import type { ReadText } from './read-json-file.ts';
import { readObject } from './read-object.ts';
import { tokenBound } from './token-bound.ts';

/**
 * How many tokens a text may have: as sentence-transformers says, or the least of what tokenizer.json cuts texts to,
 * tokenizer_config.json and the model's positions. Undefined where nothing says it.
 *
 * @param truncated what tokenizer.json cuts texts to, where it does
 */
export async function tokenLimitOf(readText: ReadText, truncated: number | undefined): Promise<number | undefined> {
  const sentences = await readObject(readText, 'sentence_bert_config.json');
  const own = tokenBound(sentences?.max_seq_length);
  if (own !== undefined) return own;
  const tokens = await readObject(readText, 'tokenizer_config.json');
  const config = (await readObject(readText, 'config.json')) ?? {};
  // Where positions count from behind the padding's number, as RoBERTa's do, there are as many less.
  const isShifted = /^(xlm-)?roberta|camembert|mpnet|longformer/.test(String(config.model_type));
  const positions = tokenBound(config.max_position_embeddings);
  const limits = [truncated, tokenBound(tokens?.model_max_length), positions && positions - (isShifted ? 2 : 0)];
  const known = limits.filter((each) => each !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
