import { ByteWriter } from './byte-writer.ts';
import { encodeTensors } from './encode-tensors.ts';
import type { EncodedBody } from './encoded-body.ts';
import { finishBody } from './finish-body.ts';
import type { InferenceRequest } from './inference.ts';

/**
 * Encodes an infer request, with the inputs that `isBinary` names as bytes behind the JSON. Throws 400 for what JSON
 * cannot carry.
 */
export function encodeInferenceRequest(request: InferenceRequest, isBinary: (input: string) => boolean): EncodedBody {
  const { id, parameters, inputs, outputs } = request;
  const writer = new ByteWriter();
  writer.text(
    `{${id === undefined ? '' : `"id":${JSON.stringify(id)},`}"parameters":${JSON.stringify(parameters)},"inputs":`,
  );
  const binary: Uint8Array[] = [];
  encodeTensors(writer, inputs, isBinary, binary);
  writer.text(`${outputs === undefined ? '' : `,"outputs":${JSON.stringify(outputs)}`}}`);
  return finishBody(writer, binary);
}
