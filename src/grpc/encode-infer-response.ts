import type { InferenceResponse, OutputTensor } from '../protocol/inference.ts';
import { tensorBytes } from '../protocol/tensor-bytes.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { writeContents } from './write-contents.ts';
import { writeParameters } from './write-parameters.ts';

/** What names, shapes and lengths take of a message with one output, and of one with each output more, as a rule. */
const headBytes = 128;

/** An encoded ModelInferResponse; its tensors are raw, or else typed contents, which FP16 and BF16 do not have. */
export function encodeInferResponse(response: InferenceResponse, isTyped: boolean): Uint8Array {
  const writer = writerFor(response);
  writeInferResponse(writer, response, isTyped);
  return writer.finish();
}

/** An encoded ModelStreamInferResponse of an answer, the only one that its request gets. */
export function encodeStreamResponse(response: InferenceResponse, isTyped: boolean): Uint8Array {
  const writer = writerFor(response);
  const parameters = { ...response.parameters, triton_final_response: true };
  writeInferResponse(writer, { ...response, parameters }, isTyped);
  writer.wrap(2, 0);
  return writer.finish();
}

/** An encoded ModelStreamInferResponse of a failure; `id` is its request's, empty where it has none. */
export function encodeStreamError(message: string, id: string): Uint8Array {
  const writer = new ProtobufWriter(headBytes);
  writer.text(3, id);
  writer.wrap(2, 0);
  writer.text(1, message);
  return writer.finish();
}

function writerFor({ outputs }: InferenceResponse): ProtobufWriter {
  const bytes = outputs.reduce((sum, output) => sum + headBytes + tensorBytes(output), headBytes);
  return new ProtobufWriter(bytes);
}

function writeInferResponse(writer: ProtobufWriter, response: InferenceResponse, isTyped: boolean): void {
  const { modelName, modelVersion, id = '', parameters, outputs } = response;
  if (!isTyped) eachFromLast(outputs, (output) => writeRaw(writer, output));
  eachFromLast(outputs, (output) => writeOutput(writer, output, isTyped));
  if (parameters) writeParameters(writer, 4, parameters);
  writer.text(3, id);
  writer.text(2, modelVersion);
  writer.text(1, modelName);
}

function writeOutput(writer: ProtobufWriter, output: OutputTensor, isTyped: boolean): void {
  const start = writer.length;
  if (isTyped) {
    writeContents(writer, output);
    writer.wrap(5, start);
  }
  if (output.parameters) writeParameters(writer, 4, output.parameters);
  const { shape } = output;
  if (shape.length > 0) {
    const before = writer.length;
    eachFromLast(shape, (size) => writer.varint(size));
    writer.wrap(3, before);
  }
  writer.text(2, output.datatype);
  writer.text(1, output.name);
  writer.wrap(5, start);
}

function writeRaw(writer: ProtobufWriter, output: OutputTensor): void {
  const before = writer.length;
  if (output.datatype !== 'BYTES') writer.raw(output.data);
  else
    eachFromLast(output.data, (text) => {
      writer.raw(text);
      writer.fixed32(text.length);
    });
  writer.wrap(6, before);
}

function eachFromLast<Item>(items: readonly Item[], visit: (item: Item) => void): void {
  for (let index = items.length - 1; index >= 0; index -= 1) visit(items[index] as Item);
}
