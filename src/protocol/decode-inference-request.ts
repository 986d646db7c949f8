import { checkFlag } from './check-flag.ts';
import type { DecodeLimits } from './decode-limits.ts';
import type { DecodedRequest, InputReference, InputTensor, Parameters, RequestedOutput } from './inference.ts';
import { JsonScanner } from './json-scanner.ts';
import { KnownWords } from './known-words.ts';
import { ObjectMembers } from './object-members.ts';
import { type ScannedInput, scanInput } from './scan-input.ts';
import { scanList } from './scan-list.ts';
import { scanName } from './scan-name.ts';
import { scanOutput } from './scan-output.ts';
import { scanParameters } from './scan-parameters.ts';
import { ServiceError } from './service-error.ts';
import { skipValue } from './skip-value.ts';
import { unpackTensor } from './unpack-tensor.ts';
import { wrongKind } from './wrong-kind.ts';

const keys = new KnownWords(['id', 'parameters', 'inputs', 'outputs']);

/**
 * Decodes the body of an infer request: JSON, or `jsonBytes` bytes of JSON with the binary tensors behind it in the
 * order of the inputs. Tensors lie over `body` where they can; inputs with a `content_ref` come as references.
 *
 * Throws ServiceError 400 that says what was expected and what came, 413 past a limit.
 * Source: Open Inference Protocol v2, "Inference Request JSON Object"; Triton's binary tensor data extension.
 */
export function decodeInferenceRequest(
  body: Uint8Array,
  jsonBytes: number | undefined,
  limits: DecodeLimits,
): DecodedRequest {
  if (jsonBytes !== undefined && !(jsonBytes >= 0 && jsonBytes <= body.length)) {
    throw new ServiceError(
      400,
      `Inference-Header-Content-Length is ${jsonBytes}, but the body has ${body.length} bytes`,
    );
  }
  const scanner = new JsonScanner(jsonBytes === undefined ? body : body.subarray(0, jsonBytes), limits);
  let id: string | undefined;
  let parameters: Parameters = {};
  let inputs: ScannedInput[] | undefined;
  let outputs: RequestedOutput[] | undefined;
  if (scanner.next() !== 0x7b) wrongKind(scanner, 'the request', 'an object');
  const members = new ObjectMembers(scanner, keys);
  for (let key = members.next(); key !== undefined; key = members.next()) {
    if (key === 'id') id = scanName(scanner, "'id'");
    else if (key === 'parameters') parameters = scanParameters(scanner);
    else if (key === 'inputs') inputs = scanList(scanner, 'inputs', scanInput);
    else if (key === 'outputs') outputs = scanList(scanner, 'outputs', scanOutput);
    else skipValue(scanner);
  }
  scanner.end();
  if (!inputs) throw new ServiceError(400, "the request has no 'inputs'");
  checkFlags(parameters, outputs);
  const references = referencesOf(inputs);
  return {
    ...(id === undefined ? {} : { id }),
    parameters,
    inputs: fill(inputs, body, jsonBytes ?? body.length),
    ...(references ? { references } : {}),
    ...(outputs && outputs.length > 0 ? { outputs } : {}),
  };
}

function checkFlags(parameters: Parameters, outputs: readonly RequestedOutput[] | undefined): void {
  checkFlag('', parameters, 'binary_data_output');
  checkFlag('', parameters, 'content_link_output');
  for (const { name, parameters } of outputs ?? []) {
    checkFlag(`output '${name}', `, parameters, 'binary_data');
    checkFlag(`output '${name}', `, parameters, 'content_link');
  }
}

/** The inputs that were uploaded; undefined where none were. */
function referencesOf(inputs: readonly ScannedInput[]): InputReference[] | undefined {
  let references: InputReference[] | undefined;
  for (const { name, datatype, shape, contentRef } of inputs) {
    if (contentRef === undefined) continue;
    references ??= [];
    references.push({ name, datatype, shape, contentRef });
  }
  return references;
}

/**
 * Gives each input that was not uploaded its tensor; the binary part of `body`, from `start` on, must be used up
 * exactly.
 */
function fill(inputs: readonly ScannedInput[], body: Uint8Array, start: number): InputTensor[] {
  let at = start;
  const tensors: InputTensor[] = [];
  for (const { name, datatype, shape, data, binaryBytes, contentRef } of inputs) {
    if (contentRef !== undefined) continue;
    if (data !== undefined) {
      tensors.push({ name, datatype, shape, data } as InputTensor);
      continue;
    }
    const missing = at + binaryBytes - body.length;
    if (missing > 0) {
      throw new ServiceError(
        400,
        `input '${name}': expecting ${missing} additional bytes of binary data (is Inference-Header-Content-Length right?)`,
      );
    }
    tensors.push({ ...unpackTensor(name, datatype, shape, body.subarray(at, at + binaryBytes)), name });
    at += binaryBytes;
  }
  if (at === body.length) return tensors;
  throw new ServiceError(
    400,
    `${body.length - at} bytes of binary data are left over; the inputs' binary_data_size add up to ${at - start}`,
  );
}
