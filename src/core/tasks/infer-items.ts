import { failureAt } from '../../protocol/failure-at.ts';
import { fromBase64 } from '../../protocol/from-base64.ts';
import type { InferenceRequest, InferenceResponse, InputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { DataPlane } from '../data-plane.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import type { AskedItems } from './asked-items.ts';
import { itemElements } from './item-elements.ts';
import { itemInput } from './item-input.ts';
import { itemParameters } from './item-parameters.ts';
import { mostItems } from './most-items.ts';
import { predict } from './predict.ts';
import { predictionTensor } from './prediction-tensor.ts';
import { comparesSentences, readComparisons } from './read-comparisons.ts';
import { readItem } from './read-item.ts';
import { similarities } from './similarities.ts';
import type { Task } from './task.ts';

const decoder = new TextDecoder();

/** Whether an infer request has items for a model's task in place of tensors. */
export function hasItems(version: ModelVersion, inputs: readonly Pick<InputTensor, 'name'>[]): boolean {
  return version.task !== undefined && inputs.length === 1 && inputs[0]?.name === itemInput(version);
}

/**
 * What a model says of the items of an infer request: an element of BYTES for each, in the shape that they came in,
 * with the JSON that /v1/predict has for it. Rejects with 400 for what is no item, or another output, and as `predict`.
 */
export async function inferItems(
  dataPlane: DataPlane,
  version: ModelVersion,
  request: InferenceRequest,
  maxConcurrentRequests: number,
  context: InferenceContext,
): Promise<InferenceResponse> {
  const { id, inputs, parameters } = request;
  const elements = itemElements(request, { what: 'items', most: mostItems });
  const { name, shape } = inputs[0] as InputTensor;
  const task = version.task as Task;
  const { truncate, ...wanted } = itemParameters(parameters);
  const asked = itemsOf(name, elements, task, truncate, parameters.content_type);
  const options = { ...wanted, maxConcurrentRequests };
  const each = await predict(dataPlane, version, task, asked.items, options, context).catch((error) => {
    throw hints(task, elements, parameters) ? withHint(error) : error;
  });
  const predicted = similarities(each, asked.counts);
  return {
    modelName: version.name,
    modelVersion: String(version.version),
    ...(id !== undefined && { id }),
    outputs: [
      predictionTensor(
        predicted.map(({ prediction }) => prediction),
        shape,
      ),
    ],
  };
}

/** Whether files look as if they were in base64, and the request does not say so. */
function hints(task: Task, data: readonly Uint8Array[], parameters: InferenceRequest['parameters']): boolean {
  const begins = (bytes: Uint8Array) => /^[A-Za-z0-9+/]{16,}={0,2}$/.test(decoder.decode(bytes.subarray(0, 64)));
  return task.preprocess.takes === 'file' && parameters.content_type === undefined && data.some(begins);
}

function withHint(error: unknown): unknown {
  if (!(error instanceof ServiceError) || error.status !== 400) return error;
  const hint = `${error.message}; files in base64 need the request's parameter "content_type": "base64"`;
  return new ServiceError(400, hint, { cause: error });
}

function itemsOf(
  name: string,
  elements: readonly Uint8Array[],
  task: Task,
  truncate: boolean,
  form: unknown,
): AskedItems {
  const kind = task.preprocess.takes;
  if (form !== undefined && form !== 'base64')
    throw new ServiceError(400, `parameter 'content_type': expected "base64", got ${JSON.stringify(form)}`);
  const isCompared = comparesSentences(task);
  const given = eachOf(elements, (element) => {
    const bytes = form === 'base64' ? decoded(name, element) : element;
    return isCompared || kind === 'features' ? parsed(name, bytes) : bytes;
  });
  if (!isCompared) return { items: eachOf(given, (item) => readItem(item, kind, truncate)) };
  const asked = readComparisons(given, truncate);
  if (asked.items.length <= mostItems) return asked;
  throw new ServiceError(413, `input '${name}': expected ${mostItems} sentences at most, got ${asked.items.length}`);
}

/** What `read` makes of each; where there are several, a failure says of which. */
function eachOf<From, To>(all: readonly From[], read: (one: From) => To): readonly To[] {
  return all.map((one, index) => {
    try {
      return read(one);
    } catch (error) {
      throw all.length === 1 ? error : failureAt(`item ${index}`, error);
    }
  });
}

function decoded(name: string, element: Uint8Array): Uint8Array {
  const bytes = fromBase64(decoder.decode(element));
  if (bytes) return bytes;
  throw new ServiceError(400, `input '${name}': the parameter content_type says base64, and an element is none`);
}

function parsed(name: string, element: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(element));
  } catch (cause) {
    throw new ServiceError(400, `input '${name}': expected JSON, ${(cause as Error).message}`, { cause });
  }
}
