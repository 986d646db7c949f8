import type { TextItem } from '../../core/tasks/flow.ts';
import { ServiceError } from '../../protocol/service-error.ts';

export interface EmbeddingsRequest {
  readonly model: string;
  readonly items: readonly TextItem[];
  /** The vectors are wanted as bytes. */
  readonly isBase64: boolean;
  readonly dimensions: number | undefined;
}

// As many as OpenAI takes.
const mostItems = 2048;
const known = ['model', 'input', 'encoding_format', 'dimensions', 'user', 'truncate'];

/** The body of `POST /v1/embeddings`. Throws 400 that says what was expected, and what came; 413 for too many texts. */
export function readEmbeddingsRequest(body: Record<string, unknown>): EmbeddingsRequest {
  const { model, input, encoding_format: format = 'float', dimensions, truncate = false } = body;
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown !== undefined)
    throw new ServiceError(400, `there is no field '${unknown.slice(0, 100)}'; the fields are ${known.join(', ')}`);
  if (typeof model !== 'string') throw wrong('model', 'the name of a model', model);
  if (format !== 'float' && format !== 'base64') throw wrong('encoding_format', '"float" or "base64"', format);
  if (dimensions !== undefined && !isCount(dimensions)) throw wrong('dimensions', 'a number of dimensions', dimensions);
  if (typeof truncate !== 'boolean') throw wrong('truncate', 'true or false', truncate);
  const texts = textsOf(input);
  if (texts.length > mostItems)
    throw new ServiceError(
      413,
      `field 'input': expected ${mostItems} texts at most, got ${texts.length}; send it in parts`,
    );
  const items = texts.map((text) => ({ text, truncate }));
  return { model, items, isBase64: format === 'base64', dimensions };
}

/** One text or the tokens of one, or a list of either. */
function textsOf(input: unknown): readonly (string | readonly number[])[] {
  if (typeof input === 'string' || isTokens(input)) return [input];
  const isList = Array.isArray(input) && input.length > 0;
  const strange = isList ? input.find((item) => typeof item !== 'string' && !isTokens(item)) : input;
  if (isList && strange === undefined) return input;
  throw wrong('input', 'a text, tokens, or a list of either', strange);
}

function isTokens(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((id) => isCount(id) || id === 0);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function wrong(field: string, expected: string, got: unknown): ServiceError {
  return new ServiceError(400, `field '${field}': expected ${expected}, got ${JSON.stringify(got)?.slice(0, 100)}`);
}
