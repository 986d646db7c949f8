import type { SessionOutput } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';
import { readTensor } from './read-tensor.ts';

/**
 * Copies a sequence of maps to FP32 (one map for each item of the batch) as a matrix, whose columns are the first map's
 * keys.
 */
export function readMapSequence(api: Api, sequence: Pointer): SessionOutput {
  const out = new BigUint64Array(1);
  check(api, api.getValueCount(sequence, out));
  const rows = Number(out[0]);
  let keys: string[] = [];
  let matrix = new Float32Array(0);
  for (let row = 0; row < rows; row += 1) {
    const map = readMap(api, sequence, row);
    if (row === 0) {
      keys = map.keys;
      matrix = new Float32Array(rows * keys.length);
    }
    matrix.set(inOrder(keys, map), row * keys.length);
  }
  return { datatype: 'FP32', shape: [rows, keys.length], data: new Uint8Array(matrix.buffer), keys };
}

interface NumberMap {
  readonly keys: string[];
  readonly values: Float32Array;
}

function readMap(api: Api, sequence: Pointer, index: number): NumberMap {
  return withItem(api, sequence, index, (map) => {
    const keys = withItem(api, map, 0, (value) => keyTexts(readTensor(api, value)));
    const { data } = withItem(api, map, 1, (value) => readTensor(api, value));
    const bytes = data as Uint8Array;
    return { keys, values: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) };
  });
}

/** Calls `read` with an item of a sequence, or a map's keys (0) or values (1), and releases it. */
function withItem<T>(api: Api, container: Pointer, index: number, read: (item: Pointer) => T): T {
  const out = new BigUint64Array(1);
  check(api, api.getValue(container, index, api.allocator, out));
  const item = out[0] as Pointer;
  try {
    return read(item);
  } finally {
    api.releaseValue(item);
  }
}

function keyTexts(keys: Tensor): string[] {
  if (keys.datatype === 'BYTES') return keys.data.map((text) => Buffer.from(text).toString());
  return Array.from(new BigInt64Array(keys.data.buffer, keys.data.byteOffset, keys.data.length / 8), String);
}

function inOrder(keys: readonly string[], map: NumberMap): Float32Array {
  if (keys.every((key, column) => key === map.keys[column]) && keys.length === map.keys.length) return map.values;
  const values = new Map(map.keys.map((key, column) => [key, map.values[column]]));
  return Float32Array.from(keys, (key) => values.get(key) ?? Number.NaN);
}
