import { readBytes } from '../../core/batch/read-bytes.ts';
import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import { countElements } from '../../protocol/count-elements.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { type NpyElements, npyElements } from '../npy/npy-elements.ts';
import { numpyType } from '../npy/numpy-type.ts';
import { readNpyHeader } from '../npy/read-npy-header.ts';
import { tensorJson } from './tensor-json.ts';

// NumPy pads a header to a multiple of 64 bytes; more than this only a structured type takes.
const maxHeaderBytes = 64 * 1024;
// Rows that are read at once.
const pieceBytes = 1024 * 1024;

interface NpyRows {
  readonly elements: NpyElements;
  readonly rows: number;
  /** Of one row. */
  readonly shape: readonly number[];
  readonly rowBytes: number;
  /** Where the first row begins, in bytes. */
  readonly start: number;
}

/** Rows of a NumPy array, each of which fills the model's only input. Shards count in rows. */
export class NpyFormat implements RecordFormat {
  readonly #maxRecordBytes: number;

  constructor(maxRecordBytes: number) {
    this.#maxRecordBytes = maxRecordBytes;
  }

  async plan(store: FileReader, file: StoredFile, shardBytes: number, fields: RecordFields): Promise<readonly Shard[]> {
    if (file.bytes === 0) return [];
    const { rows, rowBytes } = await this.#open(store, file, fields);
    const each = Math.max(1, Math.floor(shardBytes / Math.max(1, rowBytes)));
    return Array.from({ length: Math.ceil(rows / each) }, (_, index) => {
      const start = index * each;
      const end = Math.min(rows, start + each);
      return { index, start, end, firstRecord: start, records: end - start };
    });
  }

  async *read(
    store: FileReader,
    file: StoredFile,
    shard: Shard,
    fields: RecordFields,
  ): AsyncIterable<readonly InputRecord[]> {
    const array = await this.#open(store, file, fields);
    const { rowBytes, start } = array;
    const each = Math.max(1, Math.floor(pieceBytes / Math.max(1, rowBytes)));
    for (let row = shard.start; row < shard.end; row += each) {
      const end = Math.min(shard.end, row + each);
      const data = await readBytes(store, file, start + row * rowBytes, start + end * rowBytes);
      yield Array.from({ length: end - row }, (_, index) =>
        recordOf(array, row + index, data.subarray(index * rowBytes, (index + 1) * rowBytes)),
      );
    }
  }

  async #open(store: FileReader, file: StoredFile, { inputs }: RecordFields): Promise<NpyRows> {
    const refuse = (what: string) => new ServiceError(400, `'${file.key}': ${what}`);
    const head = await readBytes(store, file, 0, Math.min(file.bytes, maxHeaderBytes));
    const { header, elements } = parse(file.key, head);
    const [input] = inputs;
    if (!input || inputs.length > 1) {
      throw refuse(`an .npy file fills one input, and the model has ${inputs.length}; give a .jsonl or .parquet file`);
    }
    if (header.isFortran) {
      throw refuse('its rows do not lie together (Fortran order); save np.ascontiguousarray(array)');
    }
    const [rows, ...shape] = header.shape;
    const expected = `an array of ${numpyType(input.datatype)}, of the shape [${['rows', ...input.shape].join(', ')}]`;
    const got = `got ${elements.datatype} of the shape [${header.shape.join(', ')}]`;
    const fits =
      shape.length === input.shape.length && input.shape.every((size, axis) => size < 0 || size === shape[axis]);
    // A row of one value fills an input of one value, as a field alone does.
    const isValue = shape.length === 0 && input.shape.every((size) => size === 1 || size === -1);
    if (rows === undefined || elements.datatype !== input.datatype || !(fits || isValue)) {
      throw refuse(`the model's input '${input.name}' takes ${expected}, ${got}`);
    }
    const rowShape = isValue ? input.shape.map(() => 1) : shape;
    const rowBytes = countElements(shape) * elements.bytes;
    if (rowBytes > this.#maxRecordBytes) {
      throw new ServiceError(
        413,
        `'${file.key}': a row is ${rowBytes} bytes, more than the ${this.#maxRecordBytes} that a record may have`,
      );
    }
    const missing = header.start + rows * rowBytes - file.bytes;
    if (missing !== 0) {
      const bytes = `${Math.abs(missing)} bytes ${missing > 0 ? 'less' : 'more'} than its header says`;
      throw refuse(`it holds ${bytes}; upload it again`);
    }
    return { elements, rows, shape: rowShape, rowBytes, start: header.start };
  }
}

function parse(
  key: string,
  head: Uint8Array,
): { readonly header: ReturnType<typeof readNpyHeader>; readonly elements: NpyElements } {
  try {
    const header = readNpyHeader(`'${key}'`, head);
    return { header, elements: npyElements(`'${key}'`, header) };
  } catch (error) {
    throw new ServiceError(400, (error as Error).message);
  }
}

function recordOf({ elements, shape, rowBytes, start }: NpyRows, number: number, data: Uint8Array): InputRecord {
  const tensor = (): Tensor => elements.tensor(shape, data);
  return {
    number,
    offset: start + number * rowBytes,
    bytes: rowBytes,
    decode: () => ({ tensors: [tensor()], kept: [] }),
    toJson: () => tensorJson(tensor()),
  };
}
