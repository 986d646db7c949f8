import type { OnnxTensor } from '../onnx-model.ts';

/** Rows of a FLOAT matrix in memory. */
export interface FloatRows {
  /** The first of them. */
  readonly row: number;
  readonly count: number;
  /** Only until the next rows are asked for. */
  readonly values: Float32Array;
}

/** The rows of a FLOAT matrix, `count` at a time; the last may be fewer. */
export async function* floatRows({ shape, data }: OnnxTensor, count: number): AsyncGenerator<FloatRows> {
  const [rows = 0, columns = 0] = shape;
  const values = new Float32Array(count * columns);
  const bytes = new Uint8Array(values.buffer);
  let row = 0;
  let filled = 0;
  for await (const piece of data.pieces()) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < bytes.length) continue;
      yield { row, count, values };
      row += count;
      filled = 0;
    }
  }
  if (row < rows) yield { row, count: rows - row, values: values.subarray(0, filled / 4) };
}
