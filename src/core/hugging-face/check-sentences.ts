import { shownJson } from '../shown-json.ts';
import type { JsonObject, ReadText } from './read-json-file.ts';
import { readObject } from './read-object.ts';

/** A normalizer of tokenizer.json that makes letters small itself. */
const makesSmall = /"type":"Lowercase"|"lowercase":true/;

/**
 * Rejects with an Error where sentence-transformers changes each text before it becomes tokens, which there is no
 * setting for.
 */
export async function checkSentences(readText: ReadText, tokenizer: JsonObject | undefined): Promise<void> {
  const { do_lower_case: isLower } = (await readObject(readText, 'sentence_bert_config.json')) ?? {};
  if (isLower === true && !makesSmall.test(JSON.stringify(tokenizer?.normalizer ?? null)))
    throw new Error(
      `sentence_bert_config.json: 'do_lower_case' makes letters small, and tokenizer.json does not; ${otherwise}`,
    );
  const { default_prompt_name: name, prompts } =
    (await readObject(readText, 'config_sentence_transformers.json')) ?? {};
  const prompt = typeof name === 'string' ? (prompts as Partial<JsonObject> | null | undefined)?.[name] : undefined;
  if (prompt !== undefined && prompt !== '')
    throw new Error(
      `config_sentence_transformers.json: 'default_prompt_name' puts ${shownJson(prompt)} before each text; ${otherwise}`,
    );
}

const otherwise = 'say the task in model.json, with its pool, and send texts that are changed so';
