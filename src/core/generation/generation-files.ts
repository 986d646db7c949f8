import { ServiceError } from '../../protocol/service-error.ts';

/** What the files beside a language model, as Hugging Face has them, say of generating text. */
export interface GenerationFiles {
  /** tokenizer.json, as it is written. */
  readonly tokenizer: string;
  /** With the chat template of chat_template.jinja, where there is one. */
  readonly tokenizerConfig: Json | undefined;
  /** Tokens that end a text; empty: they do not say. */
  readonly endTokens: readonly number[];
  /** Tokens that the model takes; undefined: they do not say. */
  readonly maxPositions: number | undefined;
}

type Json = Readonly<Record<string, unknown>>;
type ReadText = (file: string) => Promise<string>;

/** Where config.json has the tokens that a model takes, by the model's kind. */
const lengthKeys = ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'max_sequence_length'];

/** Reads tokenizer.json, and those of tokenizer_config.json, chat_template.jinja, generation_config.json and config.json that there are. Rejects with an Error that says what is missing or broken. */
export async function readGenerationFiles(readText: ReadText): Promise<GenerationFiles> {
  const [tokenizer, tokenizerConfig, template, generation, config] = await Promise.all([
    optional(readText, 'tokenizer.json'),
    readJson(readText, 'tokenizer_config.json'),
    optional(readText, 'chat_template.jinja'),
    readJson(readText, 'generation_config.json'),
    readJson(readText, 'config.json'),
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
    maxPositions: lengthKeys.map((key) => text[key]).find(isPositive) ?? maxLength(tokenizerConfig),
  };
}

/** A tokenizer that knows no bound writes a number of thirty digits. */
function maxLength(config: Json | undefined): number | undefined {
  const length = config?.model_max_length;
  return isPositive(length) && length < 1e9 ? length : undefined;
}

function endTokens(config: Json | undefined): readonly number[] | undefined {
  const id = config?.eos_token_id;
  const ids = (Array.isArray(id) ? id : [id]).filter((each): each is number => Number.isInteger(each));
  return ids.length > 0 ? ids : undefined;
}

function isPositive(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readJson(readText: ReadText, file: string): Promise<Json | undefined> {
  const text = await optional(readText, file);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (isObject(value)) return value;
  throw new Error(`${file}: expected an object, as Hugging Face has it`);
}

async function optional(readText: ReadText, file: string): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  }
}
