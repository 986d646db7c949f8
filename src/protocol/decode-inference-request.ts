import type { DecodeLimits } from './decode-limits.ts';
import type { InferenceRequest, InputTensor, Parameters, RequestedOutput } from './inference.ts';
import { JsonScanner } from './json-scanner.ts';
import { type ScannedInput, scanInput } from './scan-input.ts';
import { scanName } from './scan-name.ts';
import { scanParameters } from './scan-parameters.ts';
import { ServiceError } from './service-error.ts';
import { unpackTensor } from './unpack-tensor.ts';

/**
 * Decodes the body of an infer request: JSON, or `jsonBytes` bytes of JSON with the binary tensors behind it in the order
 * of the inputs. Tensors lie over `body` where they can.
 *
 * Throws ServiceError 400 that says what was expected and what came, 413 past a limit.
 * Source: Open Inference Protocol v2, "Inference Request JSON Object"; Triton's binary tensor data extension.
 */
export function decodeInferenceRequest(
  body: Uint8Array,
  jsonBytes: number | undefined,
  limits: DecodeLimits,
): InferenceRequest {
  if (jsonBytes !== undefined && !(jsonBytes >= 0 && jsonBytes <= body.length)) {
    throw new ServiceError(
      400,
      `Inference-Header-Content-Length is ${jsonBytes}, but the body has ${body.length} bytes`,
    );
  }
  const scanner = new JsonScanner(jsonBytes === undefined ? body : body.subarray(0, jsonBytes), limits.maxNesting);
  let id: string | undefined;
  let parameters: Parameters = {};
  let inputs: ScannedInput[] | undefined;
  let outputs: RequestedOutput[] | undefined;
  scanner.object((key) => {
    if (key === 'id') id = scanName(scanner, 'the id', limits);
    else if (key === 'parameters') parameters = scanParameters(scanner, limits);
    else if (key === 'inputs') inputs = scanList(scanner, 'inputs', limits, () => scanInput(scanner, limits));
    else if (key === 'outputs') outputs = scanList(scanner, 'outputs', limits, () => scanOutput(scanner, limits));
    else scanner.skip();
  });
  scanner.end();
  if (!inputs) throw new ServiceError(400, "the request has no 'inputs'");
  const tensors = fill(inputs, body.subarray(jsonBytes ?? body.length));
  return {
    ...(id === undefined ? {} : { id }),
    parameters,
    inputs: tensors,
    ...(outputs && outputs.length > 0 ? { outputs } : {}),
  };
}

function scanList<T extends { readonly name: string }>(
  scanner: JsonScanner,
  what: string,
  limits: DecodeLimits,
  scan: () => T,
): T[] {
  const list = new Map<string, T>();
  scanner.array(() => {
    if (list.size >= limits.maxTensors)
      throw new ServiceError(413, `the request has more ${what} than maxTensors, ${limits.maxTensors}`);
    const item = scan();
    if (list.has(item.name)) throw new ServiceError(400, `the ${what} have '${item.name}' twice`);
    list.set(item.name, item);
  });
  return [...list.values()];
}

function scanOutput(scanner: JsonScanner, limits: DecodeLimits): RequestedOutput {
  let name: string | undefined;
  let parameters: Parameters = {};
  scanner.object((key) => {
    if (key === 'name') name = scanName(scanner, 'an output name', limits);
    else if (key === 'parameters') parameters = scanParameters(scanner, limits);
    else scanner.skip();
  });
  if (name === undefined) throw new ServiceError(400, "an output has no 'name'");
  return { name, parameters };
}

/** Gives each input its tensor; the binary part must be used up exactly. */
function fill(inputs: readonly ScannedInput[], binary: Uint8Array): InputTensor[] {
  let at = 0;
  const tensors = inputs.map((input) => {
    if ('tensor' in input) return { ...input.tensor, name: input.name };
    const { name, datatype, shape, binaryBytes } = input;
    const missing = at + binaryBytes - binary.length;
    if (missing > 0) {
      throw new ServiceError(
        400,
        `input '${name}': expecting ${missing} additional bytes of binary data (is Inference-Header-Content-Length right?)`,
      );
    }
    const bytes = binary.subarray(at, at + binaryBytes);
    at += binaryBytes;
    return { ...unpackTensor(name, datatype, shape, bytes), name };
  });
  if (at === binary.length) return tensors;
  throw new ServiceError(
    400,
    `${binary.length - at} bytes of binary data are left over; the inputs' binary_data_size add up to ${at}`,
  );
}
