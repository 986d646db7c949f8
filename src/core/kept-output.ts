import type { OutputTensor } from '../protocol/inference.ts';
import { packTensor } from '../protocol/pack-tensor.ts';
import { tensorBytes } from '../protocol/tensor-bytes.ts';
import { unpackTensor } from '../protocol/unpack-tensor.ts';

/** What an output takes beside its data: name, shape, parameters, and the objects that hold it. */
const objectBytes = 512;
/** What stands before each text. */
const lengthBytes = 4;

/**
 * A copy of an output in one piece. An output may lie within a batch's, all of which would be kept with it; and a text
 * in an array of its own takes hundreds of bytes, however short it is.
 */
export class KeptOutput {
  readonly #about: Pick<OutputTensor, 'name' | 'datatype' | 'shape' | 'parameters'>;
  readonly #packed: Uint8Array;

  constructor(output: OutputTensor) {
    const { name, datatype, shape, parameters } = output;
    this.#about = { name, datatype, shape, ...(parameters && { parameters }) };
    const packed = packTensor(output);
    this.#packed = datatype === 'BYTES' ? packed : new Uint8Array(packed);
  }

  /** Bytes that a copy of `output` takes in memory. */
  static bytesOf(output: OutputTensor): number {
    const lengths = output.datatype === 'BYTES' ? output.data.length * lengthBytes : 0;
    return objectBytes + tensorBytes(output) + lengths;
  }

  get output(): OutputTensor {
    const { name, datatype, shape } = this.#about;
    return { ...this.#about, ...unpackTensor(name, datatype, shape, this.#packed) } as OutputTensor;
  }
}
