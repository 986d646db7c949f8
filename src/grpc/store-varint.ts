import type { FixedDatatype } from '../protocol/datatype.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { ProtobufReader } from './protobuf-reader.ts';

/** Stores the varint that was read last as the `index`th element. */
export type StoreVarint = (reader: ProtobufReader, index: number) => void;

/**
 * What stores varints as elements of `datatype` into `data`; it throws 400 for one out of range, which is told of
 * `input`.
 */
export function storeVarint(
  data: Uint8Array,
  input: string,
  datatype: Exclude<FixedDatatype, 'FP16' | 'BF16' | 'FP32' | 'FP64'>,
): StoreVarint {
  const { buffer, byteOffset, length } = data;
  switch (datatype) {
    case 'BOOL':
      return ({ low, high }, index) => {
        data[index] = (low | high) === 0 ? 0 : 1;
      };
    case 'INT8':
      return signed(new Int8Array(buffer, byteOffset, length), input, datatype);
    case 'INT16':
      return signed(new Int16Array(buffer, byteOffset, length / 2), input, datatype);
    case 'INT32':
      return signed(new Int32Array(buffer, byteOffset, length / 4), input, datatype);
    case 'UINT8':
      return unsigned(data, input, datatype);
    case 'UINT16':
      return unsigned(new Uint16Array(buffer, byteOffset, length / 2), input, datatype);
    case 'UINT32':
      return unsigned(new Uint32Array(buffer, byteOffset, length / 4), input, datatype);
    default: {
      const halves = new Int32Array(buffer, byteOffset, length / 4);
      return ({ low, high }, index) => {
        halves[2 * index] = low;
        halves[2 * index + 1] = high;
      };
    }
  }
}

function signed(elements: Int8Array | Int16Array | Int32Array, input: string, datatype: string): StoreVarint {
  return ({ low }, index) => {
    elements[index] = low;
    if (elements[index] !== low) throw outOfRange(input, index, datatype, low);
  };
}

function unsigned(elements: Uint8Array | Uint16Array | Uint32Array, input: string, datatype: string): StoreVarint {
  return ({ low }, index) => {
    elements[index] = low;
    if (elements[index] !== low >>> 0) throw outOfRange(input, index, datatype, low >>> 0);
  };
}

function outOfRange(input: string, index: number, datatype: string, value: number): ServiceError {
  return new ServiceError(400, `input '${input}', element ${index}: ${value} is out of the range of ${datatype}`);
}
