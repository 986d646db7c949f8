import { shownJson } from '../../core/shown-json.ts';
import { decodeInferenceRequest } from '../../protocol/decode-inference-request.ts';
import type { InputTensor } from '../../protocol/inference.ts';
import { isObject } from '../../protocol/is-object.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { withoutByte } from '../../protocol/without-byte.ts';
import type { Limits } from '../../settings.ts';
import type { HttpRequest } from '../http-message.ts';
import { jsonBody } from '../json-body.ts';
import { parametersObject } from '../predict/parameters-object.ts';
import type { Asked } from './read-subject.ts';

const encoder = new TextEncoder();

/**
 * The tensors of a request in the form of the Open Inference Protocol, as JSON, and among its parameters a `baseline`
 * of such tensors. Throws 400 or 413 as for an infer request.
 */
export function readTensors(request: HttpRequest, limits: Limits): Asked {
  if (request.headers['inference-header-content-length'] !== undefined)
    throw new ServiceError(400, 'expected tensors in JSON, got binary ones, which are for /infer');
  const { inputs, parameters: given = {} } = jsonBody(request);
  const { baseline, ...parameters } = parametersObject(given);
  const tensors = decoded(inputs, limits);
  return {
    subject: { tensors, ...(baseline !== undefined && { baseline: baselineIn(baseline, limits) }) },
    parameters,
  };
}

/** Throws 400 or 413 that names the parameter. */
function baselineIn(baseline: unknown, limits: Limits): readonly InputTensor[] {
  const wrong = (status: number, message: string) =>
    new ServiceError(status, `parameter 'baseline': ${message}`, { field: 'baseline' });
  if (!Array.isArray(baseline) || !baseline.every(isObject))
    throw wrong(
      400,
      `expected a list of tensors, such as [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [0, 0]}], got ${shownJson(baseline)}`,
    );
  try {
    return decoded(baseline, limits);
  } catch (error) {
    // Places in bytes would be of a text that nobody sent.
    throw error instanceof ServiceError ? wrong(error.status, withoutByte(error.message)) : error;
  }
}

function decoded(inputs: unknown, limits: Limits): readonly InputTensor[] {
  const text = JSON.stringify({ inputs });
  const { inputs: tensors, references } = decodeInferenceRequest(encoder.encode(text), undefined, limits);
  if (!references) return tensors;
  throw new ServiceError(400, `input '${references[0]?.name}': expected its data in the request, got an upload`);
}
