import type { SessionOutput } from '../ports/session.ts';

/** Rows of an output from `start` up to, and without, `end`, over the same memory. */
export function rowsOf(output: SessionOutput, start: number, end: number): SessionOutput {
  const [rows = 1, ...rest] = output.shape;
  const size = output.data.length / rows;
  const shape = [end - start, ...rest];
  if (output.datatype === 'BYTES') return { ...output, shape, data: output.data.slice(start * size, end * size) };
  return { ...output, shape, data: output.data.subarray(start * size, end * size) };
}
