import { checkShape } from '../protocol/check-shape.ts';
import type { DecodeLimits } from '../protocol/decode-limits.ts';
import type { InputTensor } from '../protocol/inference.ts';
import { parseDatatype } from '../protocol/parse-datatype.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { unpackTensor } from '../protocol/unpack-tensor.ts';
import { readContents } from './read-contents.ts';
import type { ScannedInferRequest } from './scan-infer-request.ts';

/**
 * The inputs of a request with their tensors, raw or typed; raw ones lie over the message where they can.
 *
 * Throws 400 where the data is not what shape and datatype say, or is in both places; 413 past a limit.
 */
export function inputTensors({ message, inputs, rawInputs }: ScannedInferRequest, limits: DecodeLimits): InputTensor[] {
  const isRaw = rawInputs.length > 0;
  if (isRaw && rawInputs.length !== inputs.length) {
    throw new ServiceError(
      400,
      `raw_input_contents has ${rawInputs.length} entries for ${inputs.length} inputs; send one for each, in their order, or none`,
    );
  }
  return inputs.map((input, index): InputTensor => {
    const { name, shape } = input;
    const datatype = parseDatatype(input.datatype, `input '${name}'`);
    checkShape(name, datatype, shape, limits);
    if (!isRaw) return { ...readContents(message, input, datatype), name };
    if (input.contents.length > 0) {
      throw new ServiceError(400, `input '${name}' has contents, and the request raw_input_contents; send one of them`);
    }
    return { ...unpackTensor(name, datatype, shape, rawInputs[index] as Uint8Array), name };
  });
}
