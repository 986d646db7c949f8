import type { Subject } from '../../core/explain/subject.ts';
import { readItem } from '../../core/tasks/read-item.ts';
import type { Task } from '../../core/tasks/task.ts';
import type { ExchangeAccess } from '../../ports/exchange.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpRequest } from '../http-message.ts';
import { jsonBody } from '../json-body.ts';
import { bodyItem } from '../predict/body-item.ts';
import { fetchItems } from '../predict/fetch-items.ts';
import { isForm } from '../predict/is-form.ts';
import { isJson } from '../predict/is-json.ts';
import { isList } from '../predict/is-list.ts';
import { parametersObject } from '../predict/parameters-object.ts';
import { readForm } from '../predict/read-form.ts';
import { readItemBody } from '../predict/read-item-body.ts';

/** What is to be explained, and what else a request says of it. */
export interface Asked {
  readonly subject: Subject;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * The one item of a request, in the forms that `/v1/predict` takes. Rejects with 400 for several, or another kind than
 * the task takes, and as `readItems`.
 *
 * @param signal ends the reading of what was uploaded to the exchange
 */
export async function readSubject(
  request: HttpRequest,
  task: Task,
  exchange: ExchangeAccess | undefined,
  signal: () => AbortSignal,
): Promise<Asked> {
  const kind = task.preprocess.takes;
  const type = String(request.headers['content-type'] ?? 'application/json');
  const asked = (item: unknown, given: unknown): Asked => {
    const parameters = parametersObject(given);
    return { subject: { item: readItem(item, kind, parameters.truncate === true) }, parameters };
  };
  if (isJson(type)) {
    const { inputs, parameters } = readItemBody(jsonBody(request), 'the item');
    if (isList(inputs, kind))
      throw new ServiceError(400, `field 'inputs': expected one item to explain, got a list of ${inputs.length}`, {
        field: 'inputs',
      });
    const [item] = await fetchItems([inputs], exchange, signal);
    return asked(item, parameters);
  }
  if (isForm(type, kind)) {
    const { item, parameters } = await readForm(request);
    return asked(item, parameters);
  }
  return asked(bodyItem(request, kind, type), {});
}
