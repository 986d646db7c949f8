import { ServiceError } from '../../protocol/service-error.ts';

export interface RerankRequest {
  readonly model: string;
  readonly query: string;
  readonly texts: readonly string[];
  /** How many of the best are wanted. */
  readonly count: number;
  readonly truncate: boolean;
  readonly isRaw: boolean;
  /** Each result has its text. */
  readonly hasText: boolean;
  /** Answered as Hugging Face's Text Embeddings Inference does; else as Cohere does. */
  readonly isTei: boolean;
}

const mostTexts = 1000;
const shared = ['model', 'query', 'raw_scores', 'truncate'];
const cohere = ['documents', 'top_n', 'return_documents'];
const tei = ['texts', 'return_text', 'truncation_direction'];

/** The body of `POST /v1/rerank`, in Cohere's shape (`documents`) or that of Text Embeddings Inference (`texts`). Throws 400 that says what was expected, and what came; 413 for too many texts. */
export function readRerankRequest(given: Record<string, unknown>): RerankRequest {
  // Clients send what they have no value for as null.
  const body = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const isTei = body.documents === undefined && body.texts !== undefined;
  const known = [...shared, ...(isTei ? tei : cohere)];
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown !== undefined)
    throw new ServiceError(400, `there is no field '${unknown.slice(0, 100)}'; the fields are ${known.join(', ')}`);
  const { model, query } = body;
  if (typeof model !== 'string') throw wrong('model', 'the name of a model', model);
  if (typeof query !== 'string') throw wrong('query', 'a text', query);
  const { truncation_direction: direction = 'Right' } = body;
  if (typeof direction !== 'string' || direction.toLowerCase() !== 'right')
    throw wrong('truncation_direction', '"Right": texts are cut at their end', direction);
  const texts = textsOf(isTei ? 'texts' : 'documents', isTei ? body.texts : body.documents);
  return {
    model,
    query,
    texts,
    count: countOf(body.top_n) ?? texts.length,
    truncate: flag(body, 'truncate'),
    isRaw: flag(body, 'raw_scores'),
    hasText: flag(body, isTei ? 'return_text' : 'return_documents'),
    isTei,
  };
}

function textsOf(field: string, given: unknown): readonly string[] {
  if (!Array.isArray(given) || given.length === 0) throw wrong(field, 'a list of texts', given);
  if (given.length > mostTexts)
    throw new ServiceError(413, `field '${field}': expected ${mostTexts} texts at most, got ${given.length}`);
  return given.map((item: unknown) => {
    const text = typeof item === 'object' && item !== null ? (item as { readonly text?: unknown }).text : item;
    if (typeof text === 'string') return text;
    throw wrong(field, 'texts, or objects with the field text', item);
  });
}

function countOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw wrong('top_n', 'a number of results', value);
}

function flag(body: Record<string, unknown>, field: string): boolean {
  const { [field]: value = false } = body;
  if (typeof value === 'boolean') return value;
  throw wrong(field, 'true or false', value);
}

function wrong(field: string, expected: string, got: unknown): ServiceError {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got).slice(0, 100);
  return new ServiceError(400, `field '${field}': expected ${expected}, got ${shown}`);
}
