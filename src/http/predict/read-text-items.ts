import { Fields } from '../../core/fields.ts';
import { mostTexts } from '../../core/generation/most-texts.ts';
import {
  readTextParameters,
  type TextParameters,
  textParameterNames,
} from '../../core/generation/read-text-parameters.ts';
import type { ExchangeAccess } from '../../ports/exchange.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { textOfBytes } from '../../protocol/text-of-bytes.ts';
import type { HttpRequest } from '../http-message.ts';
import { jsonBody } from '../json-body.ts';
import { bodyItem } from './body-item.ts';
import { fetchItems } from './fetch-items.ts';
import { isForm } from './is-form.ts';
import { isJson } from './is-json.ts';
import { readForm } from './read-form.ts';

export interface TextItems extends TextParameters {
  readonly prompts: readonly string[];
}

/**
 * Texts that a model is to go on with: JSON in the shape of Hugging Face's inference API, a form with a text, or one
 * text as the body.
 *
 * @param signal ends the reading of what was uploaded to the exchange
 *
 * Rejects with 400 that says what was expected, and what came; 413 for too many texts, 415 for a body that cannot be
 * one; and as `fetchUploads`.
 */
export async function readTextItems(
  request: HttpRequest,
  exchange: ExchangeAccess | undefined,
  signal: () => AbortSignal,
): Promise<TextItems> {
  const body = new Fields(await fieldsOf(request), ['inputs', 'parameters']);
  const inputs = body.value('inputs');
  const items: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
  if (items.length > mostTexts)
    throw new ServiceError(
      413,
      `expected ${mostTexts} texts at most, got ${items.length}; a batch job takes any number`,
    );
  const given = body.value('parameters') ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw body.wrong('parameters', 'an object');
  const parameters = new Fields(given as Record<string, unknown>, textParameterNames, 'parameter');
  const asked = readTextParameters(parameters);
  const prompts = (await fetchItems(items, exchange, signal)).map((item) =>
    item instanceof Uint8Array ? textOfBytes(item) : item,
  );
  const isRight = (prompt: unknown): prompt is string => typeof prompt === 'string';
  if (prompts.length === 0 || !prompts.every(isRight)) throw body.wrong('inputs', 'a text, or a list of texts');
  return { prompts, ...asked };
}

async function fieldsOf(request: HttpRequest): Promise<Record<string, unknown>> {
  const type = String(request.headers['content-type'] ?? 'application/json');
  if (isJson(type)) return jsonBody(request);
  if (!isForm(type, 'text')) return { inputs: textOfBytes(bodyItem(request, 'text', type)) };
  const { item, parameters } = await readForm(request);
  return { inputs: typeof item === 'string' ? item : textOfBytes(item), parameters };
}
