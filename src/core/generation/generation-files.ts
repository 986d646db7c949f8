import { isObject } from '../../protocol/is-object.ts';
import type { JsonObject, ReadText } from '../hugging-face/read-json-file.ts';
import { readObject } from '../hugging-face/read-object.ts';
import { readOptional } from '../hugging-face/read-optional.ts';
import { tokenBound } from '../hugging-face/token-bound.ts';

/** What the files beside a language model, as Hugging Face has them, say of generating text. */
export interface GenerationFiles {
  /** tokenizer.json, as it is written. */
  readonly tokenizer: string;
  /** With the chat template of chat_template.jinja, where there is one. */
  readonly tokenizerConfig: JsonObject | undefined;
  /** Tokens that end a text; empty: they do not say. */
  readonly endTokens: readonly number[];
  /** Tokens that the model takes; undefined: they do not say. */
  readonly maxPositions: number | undefined;
}

/** Where config.json has the tokens that a model takes, by the model's kind. */
const lengthKeys = ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'max_sequence_length'];

/**
 * Reads tokenizer.json, and those of tokenizer_config.json, chat_template.jinja, generation_config.json and config.json
 * that there are. Rejects with an Error that says what is missing or broken.
 */
export async function readGenerationFiles(readText: ReadText): Promise<GenerationFiles> {
  const [tokenizer, tokenizerConfig, template, generation, config] = await Promise.all([
    readOptional(readText, 'tokenizer.json'),
    readObject(readText, 'tokenizer_config.json'),
    readOptional(readText, 'chat_template.jinja'),
    readObject(readText, 'generation_config.json'),
    readObject(readText, 'config.json'),
  ]);
  if (tokenizer === undefined) {
    throw new Error("it has no tokenizer.json, which generating text needs: put it into the version's folder");
  }
  // Models for text and pictures have what is said of text one level below.
  const text = { ...config, ...(isObject(config?.text_config) ? config.text_config : {}) };
  return {
    tokenizer,
    tokenizerConfig: template === undefined ? tokenizerConfig : { ...tokenizerConfig, chat_template: template },
    endTokens: endTokens(generation) ?? endTokens(text) ?? [],
    maxPositions: [...lengthKeys.map((key) => text[key]), tokenizerConfig?.model_max_length]
      .map(tokenBound)
      .find((each) => each !== undefined),
  };
}

function endTokens(config: JsonObject | undefined): readonly number[] | undefined {
  const id = config?.eos_token_id;
  const ids = (Array.isArray(id) ? id : [id]).filter((each): each is number => Number.isInteger(each));
  return ids.length > 0 ? ids : undefined;
}
