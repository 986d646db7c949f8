import type { SessionOutput } from '../ports/session.ts';
import type { InferenceRequest, InferenceResponse, OutputTensor, RequestedOutput } from '../protocol/inference.ts';
import { classify } from './classify.ts';
import type { ModelVersion } from './model-version.ts';
import { namedTensor } from './named-tensor.ts';

/** What a version says to a request: its outputs as they were asked for, with classes where they were. */
export function answerRequest(
  version: ModelVersion,
  { id }: InferenceRequest,
  requested: readonly RequestedOutput[],
  outputs: readonly SessionOutput[],
): InferenceResponse {
  const tensors = outputs.map((output, index) => answerOutput(version, output, requested[index] as RequestedOutput));
  const response = { modelName: version.name, modelVersion: String(version.version), outputs: tensors };
  return id === undefined ? response : { ...response, id };
}

function answerOutput(version: ModelVersion, output: SessionOutput, { name, parameters }: RequestedOutput) {
  if (output.held) return namedTensor(name, output);
  const { datatype, shape, data, keys } = output;
  const { classification } = parameters;
  if (typeof classification === 'number' && classification > 0) {
    const labels = version.signature?.labels.get(name) ?? keys;
    return { ...classify(name, output, classification, labels), name };
  }
  if (!keys) return { name, datatype, shape, data } as OutputTensor;
  return { name, datatype, shape, data, parameters: { keys: JSON.stringify(keys) } } as OutputTensor;
}
