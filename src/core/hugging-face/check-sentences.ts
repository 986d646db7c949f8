import type { JsonObject, ReadText } from './read-json-file.ts';
import { readObject } from './read-object.ts';

/** A normalizer of tokenizer.json that makes letters small itself. */
const makesSmall = /"type":"Lowercase"|"lowercase":true/;

/** Rejects with an Error where sentence-transformers makes letters small, and the tokenizer does not. */
export async function checkSentences(readText: ReadText, tokenizer: JsonObject | undefined): Promise<void> {
  const { do_lower_case: isLower } = (await readObject(readText, 'sentence_bert_config.json')) ?? {};
  if (isLower === true && !makesSmall.test(JSON.stringify(tokenizer?.normalizer ?? null)))
    throw new Error(
      `sentence_bert_config.json: 'do_lower_case' makes letters small, and tokenizer.json does not; say the task in model.json, with its pool, and send texts in small letters`,
    );
}
