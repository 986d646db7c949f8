import type { Kind } from '../../core/tasks/flow.ts';
import { kindWords } from '../../core/tasks/flow.ts';
import type { Item } from '../../core/tasks/predict.ts';
import type { Task } from '../../core/tasks/task.ts';
import type { Aggregation } from '../../ports/task.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { formFile } from '../form-file.ts';
import type { HttpRequest } from '../http-message.ts';
import { jsonBody } from '../json-body.ts';
import { uploadedForm } from '../uploaded-form.ts';
import { bodyText } from './body-text.ts';
import { fromBase64 } from './from-base64.ts';
import { readComparisons } from './read-comparisons.ts';

export interface Items {
  readonly items: readonly Item[];
  /** Classes that are wanted of each; undefined: as many as the task says. */
  readonly topK: number | undefined;
  /** How token classes come; undefined: as the task says. */
  readonly aggregation: Aggregation | undefined;
  /** Where sentences are compared: of each comparison, how many one is compared with. */
  readonly counts?: readonly number[];
}

const mostItems = 1024;
const unasked = { topK: undefined, aggregation: undefined };

/**
 * The items of a request: JSON in the shape of Hugging Face's inference API, a form with a file, or one item as the body.
 *
 * Rejects with 400 for items of another kind than the task takes, 413 for too many, 415 for a body that cannot be one.
 */
export async function readItems(request: HttpRequest, task: Task): Promise<Items> {
  const kind = task.preprocess.takes;
  const type = String(request.headers['content-type'] ?? 'application/json');
  if (/^\s*(application\/json|application\/x-www-form-urlencoded|[^;]*\+json)\s*(;|$)/i.test(type))
    return fromJson(jsonBody(request), task);
  if (kind === 'file') {
    const isForm = /^\s*multipart\/form-data\s*;/i.test(type);
    const file = isForm
      ? (await formFile(await uploadedForm(request, "expected multipart/form-data with the field 'file'"))).content
      : request.body;
    return { items: [file], ...unasked };
  }
  if (kind === 'text' && /^\s*text\//i.test(type))
    return { items: [{ text: bodyText(request.body), truncate: false }], ...unasked };
  throw new ServiceError(
    415,
    `content type '${type.slice(0, 100)}': the task takes ${kindWords[kind]}; send ${kind === 'text' ? 'it as text/plain, or ' : ''}application/json: {"inputs": …}`,
  );
}

function fromJson({ inputs, parameters = {}, ...more }: Record<string, unknown>, { name, preprocess }: Task): Items {
  const kind = preprocess.takes;
  const [unknown] = Object.keys(more);
  if (unknown !== undefined)
    throw new ServiceError(400, `expected the fields 'inputs' and 'parameters', got '${unknown.slice(0, 100)}'`);
  if (inputs === undefined)
    throw new ServiceError(400, "the field 'inputs' is missing: it has the item, or a list of items");
  const { truncate, ...wanted } = parametersOf(parameters);
  const { items, ...compared } =
    name === 'sentence-similarity' ? readComparisons(inputs, truncate) : { items: itemsOf(inputs, kind, truncate) };
  if (items.length > mostItems)
    throw new ServiceError(413, `expected ${mostItems} items at most, got more; a batch job takes any number`);
  return { items, ...wanted, ...compared };
}

function itemsOf(inputs: unknown, kind: Kind, truncate: boolean): readonly Item[] {
  const all = isList(inputs, kind) ? (inputs as readonly unknown[]).slice(0, mostItems + 1) : [inputs];
  return all.map((item, index) => itemOf(item, kind, truncate, index));
}

/** Whether there is an item in each element; columns in order are a list themselves. */
function isList(inputs: unknown, kind: Kind): boolean {
  if (!Array.isArray(inputs)) return false;
  return kind !== 'features' || inputs.some((item) => typeof item === 'object');
}

function itemOf(item: unknown, kind: Kind, truncate: boolean, index: number): Item {
  if (kind === 'text' && typeof item === 'string') return { text: item, truncate };
  if (kind === 'text' && isPair(item)) return { text: item.text, pair: item.text_pair, truncate };
  if (kind === 'features' && typeof item === 'object' && item !== null) return item as Item;
  if (kind === 'file' && typeof item === 'string') {
    const bytes = fromBase64(item);
    if (bytes) return bytes;
    throw new ServiceError(400, `item ${index}: expected a file in base64, got '${item.slice(0, 40)}'`);
  }
  const expected =
    kind === 'file' ? 'a file in base64' : kind === 'text' ? 'a text, or {"text": …, "text_pair": …}' : kindWords[kind];
  throw new ServiceError(400, `item ${index}: expected ${expected}, got ${shown(item)}`);
}

function isPair(item: unknown): item is { readonly text: string; readonly text_pair: string } {
  if (typeof item !== 'object' || item === null) return false;
  const { text, text_pair: pair, ...more } = item as Record<string, unknown>;
  return typeof text === 'string' && typeof pair === 'string' && Object.keys(more).length === 0;
}

type Wanted = Pick<Items, 'topK' | 'aggregation'> & { readonly truncate: boolean };

function parametersOf(parameters: unknown): Wanted {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    throw new ServiceError(400, `field 'parameters': expected an object, got ${shown(parameters)}`);
  const {
    top_k: topK,
    truncate = false,
    aggregation_strategy: aggregation,
    ...more
  } = parameters as Record<string, unknown>;
  const [unknown] = Object.keys(more);
  if (unknown !== undefined)
    throw new ServiceError(
      400,
      `field 'parameters': there are 'top_k', 'truncate' and 'aggregation_strategy', got '${unknown.slice(0, 100)}'`,
    );
  if (topK !== undefined && !(typeof topK === 'number' && Number.isSafeInteger(topK) && topK > 0))
    throw new ServiceError(400, `parameter 'top_k': expected a number of classes, got ${shown(topK)}`);
  if (typeof truncate !== 'boolean')
    throw new ServiceError(400, `parameter 'truncate': expected true or false, got ${shown(truncate)}`);
  if (aggregation !== undefined && aggregation !== 'simple' && aggregation !== 'none')
    throw new ServiceError(
      400,
      `parameter 'aggregation_strategy': expected "simple" or "none", got ${shown(aggregation)}`,
    );
  return { topK, aggregation, truncate };
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 100);
}
