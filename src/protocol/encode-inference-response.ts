import { ByteWriter } from './byte-writer.ts';
import { encodeTensors } from './encode-tensors.ts';
import type { EncodedBody } from './encoded-body.ts';
import { finishBody } from './finish-body.ts';
import type { InferenceResponse, OutputReference, OutputTensor } from './inference.ts';

/**
 * Encodes an infer response: JSON, with the outputs that `isBinary` names, and that do not lie elsewhere, as bytes
 * behind it. Throws 400 for what JSON cannot carry.
 */
export function encodeInferenceResponse(
  response: InferenceResponse<OutputTensor | OutputReference>,
  isBinary: (output: string) => boolean,
): EncodedBody {
  const { modelName, modelVersion, id, parameters, outputs } = response;
  const writer = new ByteWriter();
  writer.text('{"model_name":');
  writer.quoted(modelName);
  writer.text(',"model_version":');
  writer.quoted(modelVersion);
  if (id !== undefined) {
    writer.text(',"id":');
    writer.quoted(id);
  }
  if (parameters !== undefined) writer.text(`,"parameters":${JSON.stringify(parameters)}`);
  writer.text(',"outputs":');
  const binary: Uint8Array[] = [];
  encodeTensors(writer, outputs, isBinary, binary);
  writer.text('}');
  return finishBody(writer, binary);
}
