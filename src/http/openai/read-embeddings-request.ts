import { Fields } from '../../core/fields.ts';
import type { TextItem } from '../../core/tasks/flow.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readTexts } from './read-texts.ts';

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
  const fields = new Fields(body, known);
  const model = fields.model();
  const format = fields.value('encoding_format') ?? 'float';
  if (format !== 'float' && format !== 'base64') throw fields.wrong('encoding_format', '"float" or "base64"');
  const dimensions = fields.value('dimensions');
  if (dimensions !== undefined && !isCount(dimensions)) throw fields.wrong('dimensions', 'a number of dimensions');
  const truncate = fields.flag('truncate') ?? false;
  const texts = readTexts(fields, 'input');
  if (texts.length > mostItems)
    throw new ServiceError(
      413,
      `field 'input': expected ${mostItems} texts at most, got ${texts.length}; send it in parts`,
      { field: 'input' },
    );
  const items = texts.map((text) => ({ text, truncate }));
  return { model, items, isBase64: format === 'base64', dimensions };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
