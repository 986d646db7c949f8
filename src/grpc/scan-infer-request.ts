import type { DecodeLimits } from '../protocol/decode-limits.ts';
import type { Parameters, RequestedOutput } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { ProtobufReader, wireType } from './protobuf-reader.ts';
import { type ScannedInput, scanInputTensor } from './scan-input-tensor.ts';
import { ScannedParameters } from './scanned-parameters.ts';

/** A ModelInferRequest whose tensors still lie in the message. */
export interface ScannedInferRequest {
  readonly message: Uint8Array;
  readonly modelName: string;
  /** Empty: whichever the model's settings say. */
  readonly modelVersion: string;
  /** Empty: none. */
  readonly id: string;
  readonly parameters: Parameters;
  readonly inputs: readonly ScannedInput[];
  readonly outputs: readonly RequestedOutput[];
  /** Of each input in turn, or none. */
  readonly rawInputs: readonly Uint8Array[];
}

/**
 * Reads an encoded ModelInferRequest up to its tensors. Throws ServiceError 400 where it is not well-formed, 413 past a
 * limit.
 *
 * The message is read by hand: what protobufjs makes of it are objects and boxed numbers, many times its size.
 */
export function scanInferRequest(message: Uint8Array, limits: DecodeLimits): ScannedInferRequest {
  const { maxNameLength } = limits;
  const reader = new ProtobufReader(message);
  const end = message.length;
  const parameters = new ScannedParameters(limits);
  const inputs: ScannedInput[] = [];
  const outputs: RequestedOutput[] = [];
  const rawInputs: Uint8Array[] = [];
  let modelName = '';
  let modelVersion = '';
  let id = '';
  for (let field = reader.next(end); field !== 0; field = reader.next(end)) {
    if (reader.wire !== wireType.bytes) reader.skip(end);
    else if (field === 1) modelName = reader.text("'model_name'", maxNameLength, end);
    else if (field === 2) modelVersion = reader.text("'model_version'", maxNameLength, end);
    else if (field === 3) id = reader.text("'id'", maxNameLength, end);
    else if (field === 4) parameters.scan(reader, end);
    else if (field === 5) add(inputs, 'inputs', scanInputTensor(reader, inputs.length, limits, end), limits);
    else if (field === 6) add(outputs, 'outputs', scanOutput(reader, limits, end), limits);
    else if (field === 7) rawInputs.push(reader.content(end));
    else reader.skip(end);
    if (rawInputs.length > limits.maxTensors) throw tooMany('raw_input_contents', limits);
  }
  return { message, modelName, modelVersion, id, parameters: parameters.values, inputs, outputs, rawInputs };
}

/** Adds what has a name of its own among its like. */
function add<Item extends { readonly name: string }>(
  items: Item[],
  what: string,
  item: Item,
  limits: DecodeLimits,
): void {
  if (items.length >= limits.maxTensors) throw tooMany(what, limits);
  for (const { name } of items) if (name === item.name) throw new ServiceError(400, `the ${what} have '${name}' twice`);
  items.push(item);
}

function tooMany(what: string, { maxTensors }: DecodeLimits): ServiceError {
  return new ServiceError(413, `the request has more ${what} than maxTensors, ${maxTensors}`);
}

function scanOutput(reader: ProtobufReader, limits: DecodeLimits, end: number): RequestedOutput {
  const outputEnd = reader.enter(end);
  const parameters = new ScannedParameters(limits);
  let name = '';
  for (let field = reader.next(outputEnd); field !== 0; field = reader.next(outputEnd)) {
    if (reader.wire !== wireType.bytes) reader.skip(outputEnd);
    else if (field === 1) name = reader.text("an output's name", limits.maxNameLength, outputEnd);
    else if (field === 2) parameters.scan(reader, outputEnd);
    else reader.skip(outputEnd);
  }
  return { name, parameters: parameters.values };
}
