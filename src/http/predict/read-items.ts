import type { Kind } from '../../core/tasks/flow.ts';
import { kindWords } from '../../core/tasks/flow.ts';
import type { Item } from '../../core/tasks/predict.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { formFile } from '../form-file.ts';
import type { HttpRequest } from '../http-message.ts';
import { jsonBody } from '../json-body.ts';
import { uploadedForm } from '../uploaded-form.ts';
import { bodyText } from './body-text.ts';
import { fromBase64 } from './from-base64.ts';

export interface Items {
  readonly items: readonly Item[];
  /** Classes that are wanted of each; undefined: as many as the task says. */
  readonly topK: number | undefined;
}

const mostItems = 1024;

/**
 * The items of a request: JSON in the shape of Hugging Face's inference API, a form with a file, or one item as the body.
 *
 * Rejects with 400 for items of another kind than the task takes, 413 for too many, 415 for a body that cannot be one.
 */
export async function readItems(request: HttpRequest, kind: Kind): Promise<Items> {
  const type = String(request.headers['content-type'] ?? 'application/json');
  if (/^\s*(application\/json|application\/x-www-form-urlencoded|[^;]*\+json)\s*(;|$)/i.test(type))
    return fromJson(jsonBody(request), kind);
  if (kind === 'file') {
    const isForm = /^\s*multipart\/form-data\s*;/i.test(type);
    const file = isForm
      ? (await formFile(await uploadedForm(request, "expected multipart/form-data with the field 'file'"))).content
      : request.body;
    return { items: [file], topK: undefined };
  }
  if (kind === 'text' && /^\s*text\//i.test(type))
    return { items: [{ text: bodyText(request.body), truncate: false }], topK: undefined };
  throw new ServiceError(
    415,
    `content type '${type.slice(0, 100)}': the task takes ${kindWords[kind]}; send ${kind === 'text' ? 'it as text/plain, or ' : ''}application/json: {"inputs": …}`,
  );
}

function fromJson({ inputs, parameters = {}, ...more }: Record<string, unknown>, kind: Kind): Items {
  const [unknown] = Object.keys(more);
  if (unknown !== undefined)
    throw new ServiceError(400, `expected the fields 'inputs' and 'parameters', got '${unknown.slice(0, 100)}'`);
  if (inputs === undefined)
    throw new ServiceError(400, "the field 'inputs' is missing: it has the item, or a list of items");
  const all = isList(inputs, kind) ? (inputs as readonly unknown[]) : [inputs];
  if (all.length > mostItems)
    throw new ServiceError(413, `expected ${mostItems} items at most, got ${all.length}; a batch job takes any number`);
  const { topK, truncate } = parametersOf(parameters);
  return { items: all.map((item, index) => itemOf(item, kind, truncate, index)), topK };
}

/** Whether there is an item in each element; columns in order are a list themselves. */
function isList(inputs: unknown, kind: Kind): boolean {
  if (!Array.isArray(inputs)) return false;
  return kind !== 'features' || inputs.some((item) => typeof item === 'object');
}

function itemOf(item: unknown, kind: Kind, truncate: boolean, index: number): Item {
  if (kind === 'text' && typeof item === 'string') return { text: item, truncate };
  if (kind === 'features' && typeof item === 'object' && item !== null) return item as Item;
  if (kind === 'file' && typeof item === 'string') {
    const bytes = fromBase64(item);
    if (bytes) return bytes;
    throw new ServiceError(400, `item ${index}: expected a file in base64, got '${item.slice(0, 40)}'`);
  }
  const expected = kind === 'file' ? 'a file in base64' : kindWords[kind];
  throw new ServiceError(400, `item ${index}: expected ${expected}, got ${shown(item)}`);
}

function parametersOf(parameters: unknown): { readonly topK: number | undefined; readonly truncate: boolean } {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    throw new ServiceError(400, `field 'parameters': expected an object, got ${shown(parameters)}`);
  const { top_k: topK, truncate = false, ...more } = parameters as Record<string, unknown>;
  const [unknown] = Object.keys(more);
  if (unknown !== undefined)
    throw new ServiceError(400, `field 'parameters': there are 'top_k' and 'truncate', got '${unknown.slice(0, 100)}'`);
  if (topK !== undefined && !(typeof topK === 'number' && Number.isSafeInteger(topK) && topK > 0))
    throw new ServiceError(400, `parameter 'top_k': expected a number of classes, got ${shown(topK)}`);
  if (typeof truncate !== 'boolean')
    throw new ServiceError(400, `parameter 'truncate': expected true or false, got ${shown(truncate)}`);
  return { topK, truncate };
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 100);
}
