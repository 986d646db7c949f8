import { Fields } from '../../core/fields.ts';
import { shownJson } from '../../core/shown-json.ts';
import type { Ranking } from '../../core/tasks/rank.ts';
import { ServiceError } from '../../protocol/service-error.ts';

export interface RerankRequest extends Ranking {
  /** Undefined: the one that ranks, as Text Embeddings Inference has but one. */
  readonly model: string | undefined;
  /** How many of the best are wanted. */
  readonly count: number;
  /** Each result has its text. */
  readonly hasText: boolean;
  /** Answered as Hugging Face's Text Embeddings Inference does; else as Cohere does. */
  readonly isTei: boolean;
}

const mostTexts = 1000;
const shared = ['model', 'query', 'raw_scores', 'truncate'];
const cohere = ['documents', 'top_n', 'return_documents', 'max_tokens_per_doc'];
const tei = ['texts', 'return_text', 'truncation_direction'];

/**
 * The body of `POST /v1/rerank`, `/v2/rerank` or `/rerank`, in Cohere's shape (`documents`) or that of Text Embeddings
 * Inference (`texts`). Throws 400 that says what was expected, and what came; 413 for too many texts.
 */
export function readRerankRequest(body: Record<string, unknown>): RerankRequest {
  const isTei = (body.documents ?? undefined) === undefined && (body.texts ?? undefined) !== undefined;
  const fields = new Fields(body, [...shared, ...(isTei ? tei : cohere)]);
  const model = fields.text('model');
  const query = fields.text('query');
  if (query === undefined) throw fields.wrong('query', 'a text');
  if ((fields.text('truncation_direction') ?? 'right').toLowerCase() !== 'right')
    throw fields.wrong('truncation_direction', '"Right": texts are cut at their end');
  if (fields.value('max_tokens_per_doc') !== undefined)
    throw fields.wrong('max_tokens_per_doc', 'nothing: "truncate": true cuts texts at what the model takes');
  const field = isTei ? 'texts' : 'documents';
  const texts = textsOf(fields, field);
  return {
    model,
    query,
    texts,
    field,
    count: fields.whole('top_n', 1, Number.MAX_SAFE_INTEGER) ?? texts.length,
    truncate: fields.flag('truncate') ?? false,
    isRaw: fields.flag('raw_scores') ?? false,
    hasText: fields.flag(isTei ? 'return_text' : 'return_documents') ?? false,
    isTei,
  };
}

function textsOf(fields: Fields, field: string): readonly string[] {
  const given = fields.value(field);
  if (!Array.isArray(given) || given.length === 0) throw fields.wrong(field, 'a list of texts');
  if (given.length > mostTexts)
    throw new ServiceError(413, `field '${field}': expected ${mostTexts} texts at most, got ${given.length}`, {
      field,
    });
  return given.map((item: unknown, index) => {
    const text = typeof item === 'object' && item !== null ? (item as { readonly text?: unknown }).text : item;
    if (typeof text === 'string') return text;
    const expected = 'texts, or objects with the field text';
    const message = `field '${field}': expected ${expected}, got ${shownJson(item)}`;
    throw new ServiceError(400, message, { field: `${field}.${index}` });
  });
}
