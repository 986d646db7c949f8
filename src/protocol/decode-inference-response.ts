import type { Datatype } from './datatype.ts';
import { elementBytes } from './element-bytes.ts';
import type { InferenceResponse, OutputTensor } from './inference.ts';
import { isObject } from './is-object.ts';
import { ServiceError } from './service-error.ts';
import { unpackTensor } from './unpack-tensor.ts';

const decoder = new TextDecoder();

/**
 * Decodes an infer response whose outputs were all asked for as binary data: `jsonBytes` bytes of JSON, the tensors
 * behind it.
 *
 * Throws ServiceError 502 where the answer is not what the protocol says.
 * Source: Open Inference Protocol v2, "Inference Response JSON Object"; Triton's binary tensor data extension.
 */
export function decodeInferenceResponse(body: Uint8Array, jsonBytes: number | undefined): InferenceResponse {
  const head = parse(body.subarray(0, jsonBytes ?? body.length));
  if (!isObject(head) || typeof head.model_name !== 'string' || !Array.isArray(head.outputs)) {
    throw bad("expected an object with 'model_name' and 'outputs'");
  }
  const binary = body.subarray(jsonBytes ?? body.length);
  let at = 0;
  const outputs = head.outputs.map((output: unknown): OutputTensor => {
    const { name, datatype, shape, parameters, size } = readOutput(output);
    if (size > binary.length - at) throw bad(`output '${name}' is cut off`);
    const tensor = unpackTensor(name, datatype, shape, binary.subarray(at, at + size));
    at += size;
    return { ...tensor, name, ...(Object.keys(parameters).length > 0 ? { parameters } : {}) };
  });
  if (at !== binary.length) throw bad(`${binary.length - at} bytes of binary data are left over`);
  const { model_name: modelName, model_version: modelVersion, id } = head;
  return {
    modelName,
    modelVersion: typeof modelVersion === 'string' ? modelVersion : '',
    ...(typeof id === 'string' ? { id } : {}),
    outputs,
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw bad('its JSON does not parse', cause);
  }
}

function readOutput(output: unknown) {
  if (!isObject(output) || typeof output.name !== 'string') throw bad("an output has no 'name'");
  const { name, datatype, shape, parameters } = output;
  const isDatatype = datatype === 'BYTES' || (typeof datatype === 'string' && Object.hasOwn(elementBytes, datatype));
  if (!isDatatype) throw bad(`output '${name}' has the unknown datatype ${JSON.stringify(datatype)}`);
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw bad(`output '${name}' has the shape ${JSON.stringify(shape)}`);
  }
  const { binary_data_size: size, ...others } = isObject(parameters) ? parameters : {};
  if (!Number.isSafeInteger(size) || (size as number) < 0) {
    throw bad(`output '${name}' did not come as binary data; the server needs the binary tensor data extension`);
  }
  const kept = Object.entries(others).filter((entry): entry is [string, string | number | boolean] =>
    ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return {
    name,
    datatype: datatype as Datatype,
    shape: shape as number[],
    parameters: Object.fromEntries(kept),
    size: size as number,
  };
}

function bad(reason: string, cause?: unknown): ServiceError {
  return new ServiceError(502, `the server's answer is no inference response: ${reason}`, { cause });
}
