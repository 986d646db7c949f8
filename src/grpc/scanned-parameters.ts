import type { DecodeLimits } from '../protocol/decode-limits.ts';
import type { Parameters } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { type ProtobufReader, wireType } from './protobuf-reader.ts';

type Value = Parameters[string];

/** A map of parameters, as far as it has been read. */
export class ScannedParameters {
  readonly values: Record<string, Value> = {};
  readonly #limits: DecodeLimits;
  #entries = 0;

  constructor(limits: DecodeLimits) {
    this.#limits = limits;
  }

  /**
   * Reads the entry at the reader, a key and an InferParameter. One without a value is passed over. Throws 413 past a
   * limit.
   */
  scan(reader: ProtobufReader, end: number): void {
    const { maxNameLength, maxTensors } = this.#limits;
    this.#entries += 1;
    if (this.#entries > maxTensors)
      throw new ServiceError(413, `there are more parameters than maxTensors, ${maxTensors}`);
    const entryEnd = reader.enter(end);
    let key = '';
    let value: Value | undefined;
    for (let field = reader.next(entryEnd); field !== 0; field = reader.next(entryEnd)) {
      if (field === 1 && reader.wire === wireType.bytes)
        key = reader.text("a parameter's name", maxNameLength, entryEnd);
      else if (field === 2 && reader.wire === wireType.bytes) value = scanValue(reader, entryEnd);
      else reader.skip(entryEnd);
    }
    if (value === undefined) return;
    // What an object inherits by that name would swallow the value.
    if (key === '__proto__') Object.defineProperty(this.values, key, { value, enumerable: true });
    else this.values[key] = value;
  }
}

/** The last of its fields counts. */
function scanValue(reader: ProtobufReader, end: number): Value | undefined {
  const valueEnd = reader.enter(end);
  let value: Value | undefined;
  for (let field = reader.next(valueEnd); field !== 0; field = reader.next(valueEnd)) {
    const { wire } = reader;
    if (field === 1 && wire === wireType.varint) {
      reader.varint();
      value = (reader.low | reader.high) !== 0;
    } else if (field === 2 && wire === wireType.varint) value = whole(reader, true);
    else if (field === 3 && wire === wireType.bytes)
      value = reader.text("a parameter's value", Number.POSITIVE_INFINITY, valueEnd);
    else if (field === 4 && wire === wireType.eightBytes) value = double(reader, valueEnd);
    else if (field === 5 && wire === wireType.varint) value = whole(reader, false);
    else reader.skip(valueEnd);
  }
  return value;
}

/** As a number; as text where that would not be exact. */
function whole(reader: ProtobufReader, isSigned: boolean): number | string {
  reader.varint();
  const { low, high } = reader;
  const value = (isSigned ? high : high >>> 0) * 2 ** 32 + (low >>> 0);
  if (Number.isSafeInteger(value)) return value;
  const exact = (BigInt(high) << 32n) | BigInt(low >>> 0);
  return String(isSigned ? exact : BigInt.asUintN(64, exact));
}

function double(reader: ProtobufReader, end: number): number {
  const { bytes, at } = reader;
  if (at + 8 > end) reader.fail('it ends within a field');
  reader.at = at + 8;
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, true);
}
