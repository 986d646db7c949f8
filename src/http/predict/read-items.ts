import type { AskedItems } from '../../core/tasks/asked-items.ts';
import type { Kind } from '../../core/tasks/flow.ts';
import type { ItemParameters } from '../../core/tasks/item-parameters.ts';
import { mostItems } from '../../core/tasks/most-items.ts';
import type { Item } from '../../core/tasks/predict.ts';
import { comparesSentences, readComparisons } from '../../core/tasks/read-comparisons.ts';
import { readItem } from '../../core/tasks/read-item.ts';
import type { Task } from '../../core/tasks/task.ts';
import type { ExchangeAccess } from '../../ports/exchange.ts';
import { failureAt } from '../../protocol/failure-at.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpRequest } from '../http-message.ts';
import { jsonBody } from '../json-body.ts';
import { bodyItem } from './body-item.ts';
import { fetchItems } from './fetch-items.ts';
import { isForm } from './is-form.ts';
import { isJson } from './is-json.ts';
import { isList } from './is-list.ts';
import { readForm } from './read-form.ts';
import { readItemBody } from './read-item-body.ts';
import { readParameters } from './read-parameters.ts';

export type Items = Omit<ItemParameters, 'truncate'> & AskedItems;

const unasked = { topK: undefined, aggregation: undefined };

/**
 * The items of a request: JSON in the shape of Hugging Face's inference API, a form with a file or a text, or one item
 * as the body.
 *
 * @param signal ends the reading of what was uploaded to the exchange
 *
 * Rejects with 400 for items of another kind than the task takes, 413 for too many, 415 for a body that cannot be one,
 * and as `fetchUploads`.
 */
export async function readItems(
  request: HttpRequest,
  task: Task,
  exchange: ExchangeAccess | undefined,
  signal: () => AbortSignal,
): Promise<Items> {
  const kind = task.preprocess.takes;
  const type = String(request.headers['content-type'] ?? 'application/json');
  if (isJson(type)) {
    const { inputs, parameters } = readItemBody(jsonBody(request));
    const { truncate, ...wanted } = readParameters(parameters);
    if (comparesSentences(task)) {
      const asked = readComparisons(Array.isArray(inputs) ? inputs : [inputs], truncate);
      notTooMany(asked.items);
      return { ...asked, ...wanted };
    }
    const given = await fetchItems(notTooMany(isList(inputs, kind) ? inputs : [inputs]), exchange, signal);
    return { items: given.map((item, index) => itemOf(item, kind, truncate, index)), ...wanted };
  }
  if (comparesSentences(task)) throw notJson(type, task);
  if (isForm(type, kind)) {
    const { item, parameters } = await readForm(request);
    const { truncate, ...wanted } = readParameters(parameters);
    return { items: [readItem(item, kind, truncate)], ...wanted };
  }
  return { items: [readItem(bodyItem(request, kind, type), kind, false)], ...unasked };
}

function notJson(type: string, { name }: Task): ServiceError {
  return new ServiceError(
    415,
    `content type '${type.slice(0, 100)}': ${name} compares sentences; send application/json: {"inputs": {"source_sentence": …, "sentences": […]}}`,
  );
}

function notTooMany<T>(items: readonly T[]): readonly T[] {
  if (items.length <= mostItems) return items;
  throw new ServiceError(413, `expected ${mostItems} items at most, got ${items.length}; a batch job takes any number`);
}

function itemOf(item: unknown, kind: Kind, truncate: boolean, index: number): Item {
  try {
    return readItem(item, kind, truncate);
  } catch (error) {
    throw failureAt(`item ${index}`, error);
  }
}
