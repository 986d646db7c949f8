import type { Datatype } from '../protocol/datatype.ts';
import { elementBytes } from '../protocol/element-bytes.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { contentsField, contentsFields } from './contents-field.ts';
import { ProtobufReader, wireType } from './protobuf-reader.ts';
import type { ScannedInput } from './scan-input-tensor.ts';
import type { StoreVarint } from './store-varint.ts';

/**
 * Reads the elements of one input out of its typed contents, whatever pieces they come in, packed or one by one.
 *
 * Every method throws ServiceError 400 for the field of another datatype, and for a number of elements that is not the
 * shape's.
 */
export class ContentsReader {
  readonly #reader: ProtobufReader;
  readonly #input: ScannedInput;
  readonly #datatype: Datatype;
  readonly #elements: number;

  constructor(message: Uint8Array, input: ScannedInput, datatype: Datatype, elements: number) {
    this.#reader = new ProtobufReader(message);
    this.#input = input;
    this.#datatype = datatype;
    this.#elements = elements;
  }

  /** Each text as it lies in the message. */
  texts(): Uint8Array[] {
    const texts: Uint8Array[] = [];
    this.#each(wireType.bytes, (index, end) => {
      this.#check(index + 1);
      texts.push(this.#reader.content(end));
      return index + 1;
    });
    return texts;
  }

  /** Copies FP32 or FP64, which are little-endian here as there, into `data`. */
  floats(data: Uint8Array, datatype: 'FP32' | 'FP64'): void {
    const width = elementBytes[datatype];
    const reader = this.#reader;
    this.#each(datatype === 'FP32' ? wireType.fourBytes : wireType.eightBytes, (index, end) => {
      const isPacked = reader.wire === wireType.bytes;
      const elementsEnd = isPacked ? reader.enter(end) : reader.at + width;
      const count = (elementsEnd - reader.at) / width;
      if (!Number.isInteger(count) || elementsEnd > end) reader.fail('a number is cut off');
      this.#check(index + count);
      data.set(reader.bytes.subarray(reader.at, elementsEnd), index * width);
      reader.at = elementsEnd;
      return index + count;
    });
  }

  /** Hands each varint to `store`. */
  varints(store: StoreVarint): void {
    const reader = this.#reader;
    this.#each(wireType.varint, (first, end) => {
      const elementsEnd = reader.wire === wireType.bytes ? reader.enter(end) : reader.at + 1;
      let index = first;
      for (; reader.at < elementsEnd; index += 1) {
        this.#check(index + 1);
        reader.varint();
        store(reader, index);
      }
      return index;
    });
  }

  /**
   * Calls `take` at the content of each field of elements; `wire` is how one element is written, which may be packed
   * too.
   */
  #each(wire: number, take: (index: number, end: number) => number): void {
    const reader = this.#reader;
    const { contents } = this.#input;
    const wanted = contentsField[this.#datatype];
    let index = 0;
    for (let piece = 0; piece < contents.length; piece += 2) {
      reader.at = contents[piece] as number;
      const end = contents[piece + 1] as number;
      for (let field = reader.next(end); field !== 0; field = reader.next(end)) {
        if (field === wanted && (reader.wire === wire || reader.wire === wireType.bytes)) index = take(index, end);
        else if (contentsFields[field] === undefined) reader.skip(end);
        else throw this.#misplaced(field);
      }
    }
    if (index < this.#elements) throw this.#miscounted(String(index));
  }

  #check(count: number): void {
    if (count > this.#elements) throw this.#miscounted('more');
  }

  #misplaced(field: number): ServiceError {
    const wanted = contentsFields[contentsField[this.#datatype]];
    const name = `input '${this.#input.name}' is ${this.#datatype}`;
    return new ServiceError(400, `${name}: expected its elements in ${wanted}, got ${contentsFields[field]}`);
  }

  #miscounted(got: string): ServiceError {
    const { name, shape } = this.#input;
    const wanted = `${this.#elements} elements in ${contentsFields[contentsField[this.#datatype]]}`;
    return new ServiceError(400, `input '${name}': shape [${shape}] is ${wanted}, got ${got}`);
  }
}
