import type { DecodeLimits } from '../protocol/decode-limits.ts';
import { inputLabel } from '../protocol/input-label.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { type ProtobufReader, wireType } from './protobuf-reader.ts';

/** An InferInputTensor as it lies in a message: what it says of itself, and where its typed contents are. */
export interface ScannedInput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** Start and end, in turn, of each piece of its typed contents; empty where it has none. */
  readonly contents: readonly number[];
}

/** Reads the `index`th of the inputs, at the reader. Throws 400 for a shape that is none, 413 past a limit. */
export function scanInputTensor(
  reader: ProtobufReader,
  index: number,
  limits: DecodeLimits,
  end: number,
): ScannedInput {
  const inputEnd = reader.enter(end);
  let name = '';
  let datatype = '';
  const shape: number[] = [];
  const contents: number[] = [];
  for (let field = reader.next(inputEnd); field !== 0; field = reader.next(inputEnd)) {
    const { wire } = reader;
    if (field === 3 && (wire === wireType.bytes || wire === wireType.varint)) {
      scanShape(reader, shape, inputLabel(name || undefined, index), limits, inputEnd);
    } else if (wire !== wireType.bytes) reader.skip(inputEnd);
    else if (field === 1) name = reader.text("an input's name", limits.maxNameLength, inputEnd);
    else if (field === 2) datatype = reader.text('a datatype', limits.maxNameLength, inputEnd);
    else if (field === 5) {
      const contentsEnd = reader.enter(inputEnd);
      if (contentsEnd > reader.at) contents.push(reader.at, contentsEnd);
      if (contents.length > 2 * limits.maxTensors) throw tooManyPieces(inputLabel(name || undefined, index), limits);
      reader.at = contentsEnd;
    } else reader.skip(inputEnd);
  }
  if (name === '') throw new ServiceError(400, `inputs[${index}] has no name`);
  return { name, datatype, shape, contents };
}

function tooManyPieces(label: string, { maxTensors }: DecodeLimits): ServiceError {
  return new ServiceError(413, `${label}: its contents come in more pieces than maxTensors, ${maxTensors}`);
}

/** Reads sizes, packed or one by one, into `shape`. */
function scanShape(
  reader: ProtobufReader,
  shape: number[],
  label: string,
  { maxNesting }: DecodeLimits,
  end: number,
): void {
  const sizesEnd = reader.wire === wireType.bytes ? reader.enter(end) : reader.at + 1;
  while (reader.at < sizesEnd) {
    const size = reader.signed();
    // What is too large is refused with the whole shape, by the limit on elements.
    if (size < 0) {
      throw new ServiceError(400, `${label}: expected a shape of whole numbers from 0, got ${size}`);
    }
    shape.push(size);
    if (shape.length > maxNesting) {
      throw new ServiceError(413, `${label}: the shape has more dimensions than maxNesting, ${maxNesting}`);
    }
  }
}
