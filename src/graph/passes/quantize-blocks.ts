import type { OnnxTensor } from '../onnx-model.ts';
import { blockSizes } from './block-sizes.ts';
import { floatRows } from './float-rows.ts';

export interface BlockQuantization {
  readonly bits: 4 | 8;
  /** The middle of the range stands for 0, and there are no zero points. */
  readonly isSymmetric: boolean;
}

/** A matrix in blocks, as MatMulNBits takes it: a column after the other, each in blocks of 32 rows. */
export interface QuantizedBlocks {
  /** [columns, blocks, bytes of a block]; of 4 bits, two in a byte, the first in its low half. */
  readonly values: Uint8Array;
  /** [columns, blocks]. */
  readonly scales: Float32Array;
  /** [columns, bytes for a zero point of each block]; without a meaning where the quantization is symmetric. */
  readonly zeroPoints: Uint8Array;
}

/**
 * Columns that are looked at together: rows of a matrix lie so far apart that those of one column put each other out of
 * the processor's cache.
 */
const tileColumns = 64;

/**
 * Quantizes a FLOAT matrix [rows, columns] in blocks of 32 rows, 32 rows in memory at a time.
 *
 * The bytes are those of ONNX Runtime's quantizer on x86. Source: onnxruntime/core/mlas/lib/q4_dq.cpp,
 * BlockwiseQuantizer, which computes in single precision.
 */
export async function quantizeBlocks(
  weight: OnnxTensor,
  { bits, isSymmetric }: BlockQuantization,
): Promise<QuantizedBlocks> {
  const [rows = 0, columns = 0] = weight.shape;
  const { blockSize, blocks, blockBytes, zeroPointBytes } = blockSizes(rows, bits);
  const found = {
    values: new Uint8Array(columns * blocks * blockBytes),
    scales: new Float32Array(columns * blocks),
    // What has no block has the zero point of the middle.
    zeroPoints: new Uint8Array(columns * zeroPointBytes).fill(bits === 4 ? 0x88 : 0),
  };
  const form = { columns, blocks, blockBytes, zeroPointBytes, bits, isSymmetric };
  const tile = new Float32Array(tileColumns * blockSize);
  let block = 0;
  for await (const { count, values: floats } of floatRows(weight, blockSize)) {
    quantizeBlock(floats, count, block, form, tile, found);
    block += 1;
  }
  if (bits === 4 && rows % 2 === 1) fillLast(found.values, rows, columns, blocks * blockBytes);
  return found;
}

interface BlocksForm extends BlockQuantization {
  readonly columns: number;
  readonly blocks: number;
  readonly blockBytes: number;
  readonly zeroPointBytes: number;
}

/** One block of each column. A function of its own: V8 optimizes it better than a loop in an asynchronous function. */
function quantizeBlock(
  floats: Float32Array,
  count: number,
  block: number,
  { columns, blocks, blockBytes, zeroPointBytes, bits, isSymmetric }: BlocksForm,
  tile: Float32Array,
  { values, scales, zeroPoints }: QuantizedBlocks,
): void {
  const most = 2 ** bits - 1;
  for (let column = 0; column < columns; column += 1) {
    const inTile = column % tileColumns;
    if (inTile === 0) turn(floats, columns, column, count, tile);
    const first = inTile * count;
    let least = tile[first] as number;
    let greatest = least;
    for (let at = first + 1; at < first + count; at += 1) {
      const value = tile[at] as number;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    const scale = Math.fround(
      isSymmetric ? symmetricScale(least, greatest, most) : Math.fround(spread(least, greatest)) / most,
    );
    const zeroPoint = isSymmetric ? (most + 1) / 2 : zeroPointOf(least, scale, most);
    const factor = scale === 0 ? 0 : Math.fround(1 / scale);
    scales[column * blocks + block] = scale;
    const at = (column * blocks + block) * blockBytes;
    if (bits === 8) {
      for (let row = 0; row < count; row += 1)
        values[at + row] = quantized(tile[first + row] as number, factor, zeroPoint, most);
      zeroPoints[column * zeroPointBytes + block] = zeroPoint;
      continue;
    }
    for (let row = 0; row < count; row += 2) {
      const number = quantized(tile[first + row] as number, factor, zeroPoint, most);
      const next = row + 1 < count ? quantized(tile[first + row + 1] as number, factor, zeroPoint, most) : 0;
      values[at + (row >> 1)] = number | (next << 4);
    }
    const pair = column * zeroPointBytes + (block >> 1);
    const other = zeroPoints[pair] as number;
    zeroPoints[pair] = block % 2 === 0 ? (other & 0xf0) | zeroPoint : (other & 15) | (zeroPoint << 4);
  }
}

/** Copies columns from `first` on, as many as a tile has, each as one piece. */
function turn(floats: Float32Array, columns: number, first: number, count: number, tile: Float32Array): void {
  const width = Math.min(tileColumns, columns - first);
  for (let row = 0; row < count; row += 1) {
    const from = row * columns + first;
    for (let column = 0, to = row; column < width; column += 1, to += count) tile[to] = floats[from + column] as number;
  }
}

/** What is farther from 0 becomes the lowest number, of which there is one more than of the highest. */
function symmetricScale(least: number, greatest: number, most: number): number {
  return -(Math.abs(greatest) > Math.abs(least) ? greatest : least) / ((most + 1) / 2);
}

/** The length of a range that has 0 in it. */
function spread(least: number, greatest: number): number {
  return Math.max(greatest, 0) - Math.min(least, 0);
}

function zeroPointOf(least: number, scale: number, most: number): number {
  if (scale === 0) return 0;
  const exact = -Math.fround(Math.min(least, 0) / scale);
  return Math.min(most, Math.floor(exact + 0.5));
}

/** Halves are rounded away from 0, and what is below 0 becomes 0. */
function quantized(value: number, factor: number, zeroPoint: number, most: number): number {
  const exact = Math.fround(Math.fround(value * factor) + zeroPoint);
  return exact >= most ? most : exact > 0 ? (exact + 0.5) | 0 : 0;
}

/**
 * ONNX Runtime's quantizer leaves in the half byte behind the last row what it wrote two rows before, where that is in
 * the same two blocks.
 */
function fillLast(values: Uint8Array, rows: number, columns: number, columnBytes: number): void {
  if ((rows - 1) % 64 === 0) return;
  for (let column = 0; column < columns; column += 1) {
    const last = column * columnBytes + (rows - 1) / 2;
    values[last] = (values[last] as number) | ((values[last - 1] as number) & 0xf0);
  }
}
