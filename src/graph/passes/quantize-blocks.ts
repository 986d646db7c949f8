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
 * Quantizes a FLOAT matrix [rows, columns] in blocks of 32 rows, 32 rows in memory at a time.
 *
 * The bytes are those of ONNX Runtime's quantizer on x86. Source: onnxruntime/core/mlas/lib/q4_dq.cpp, BlockwiseQuantizer, which
 * computes in single precision.
 */
export async function quantizeBlocks(
  weight: OnnxTensor,
  { bits, isSymmetric }: BlockQuantization,
): Promise<QuantizedBlocks> {
  const [rows = 0, columns = 0] = weight.shape;
  const { blockSize, blocks, blockBytes, zeroPointBytes } = blockSizes(rows, bits);
  const values = new Uint8Array(columns * blocks * blockBytes);
  const scales = new Float32Array(columns * blocks);
  // What has no block has the zero point of the middle.
  const zeroPoints = new Uint8Array(columns * zeroPointBytes).fill(bits === 4 ? 0x88 : 0);
  const numbers = new Uint8Array(blockSize);
  const most = 2 ** bits - 1;
  let block = 0;
  for await (const { count, values: floats } of floatRows(weight, blockSize)) {
    numbers.fill(0);
    for (let column = 0; column < columns; column += 1) {
      const [least, greatest] = rangeOf(floats, column, columns, count);
      const scale = Math.fround(
        isSymmetric ? symmetricScale(least, greatest, most) : Math.fround(spread(least, greatest)) / most,
      );
      const zeroPoint = isSymmetric ? (most + 1) / 2 : zeroPointOf(least, scale, most);
      quantize(floats, column, columns, count, scale, zeroPoint, most, numbers);
      scales[column * blocks + block] = scale;
      const at = (column * blocks + block) * blockBytes;
      if (bits === 8) {
        values.set(numbers.subarray(0, count), at);
        zeroPoints[column * zeroPointBytes + block] = zeroPoint;
        continue;
      }
      for (let row = 0; row < count; row += 2)
        values[at + row / 2] = (numbers[row] as number) | ((numbers[row + 1] as number) << 4);
      const pair = column * zeroPointBytes + (block >> 1);
      const other = zeroPoints[pair] as number;
      zeroPoints[pair] = block % 2 === 0 ? (other & 0xf0) | zeroPoint : (other & 15) | (zeroPoint << 4);
    }
    block += 1;
  }
  if (bits === 4 && rows % 2 === 1) fillLast(values, rows, columns, blocks * blockBytes);
  return { values, scales, zeroPoints };
}

/** Of rows of a column, the least and the greatest. */
function rangeOf(floats: Float32Array, column: number, columns: number, count: number): readonly [number, number] {
  let least = floats[column] as number;
  let greatest = least;
  for (let row = 1, at = column + columns; row < count; row += 1, at += columns) {
    const value = floats[at] as number;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
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

function quantize(
  floats: Float32Array,
  column: number,
  columns: number,
  count: number,
  scale: number,
  zeroPoint: number,
  most: number,
  into: Uint8Array,
): void {
  const factor = scale === 0 ? 0 : Math.fround(1 / scale);
  for (let row = 0, at = column; row < count; row += 1, at += columns) {
    const exact = Math.fround(Math.fround((floats[at] as number) * factor) + zeroPoint);
    // Halves are rounded away from 0, and what is below 0 becomes 0.
    into[row] = exact >= most ? most : exact > 0 ? Math.floor(exact + 0.5) : 0;
  }
}

/** ONNX Runtime's quantizer leaves in the half byte behind the last row what it wrote two rows before, where that is in the same two blocks. */
function fillLast(values: Uint8Array, rows: number, columns: number, columnBytes: number): void {
  if ((rows - 1) % 64 === 0) return;
  for (let column = 0; column < columns; column += 1) {
    const last = column * columnBytes + (rows - 1) / 2;
    values[last] = (values[last] as number) | ((values[last - 1] as number) & 0xf0);
  }
}
