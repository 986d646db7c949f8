import type { BenchModel } from './bench-model.ts';

/** The same values on every run for a model's input: FP32 from 0 to 1 of six digits, or any byte. */
export function inputValues({ input }: BenchModel): Float32Array | Uint8Array {
  const length = input.shape.reduce((product, size) => product * size, 1);
  if (input.datatype === 'UINT8') return Uint8Array.from({ length }, (_, i) => (i * 7919) % 256);
  return Float32Array.from({ length }, (_, i) => ((i * 786_433) % 1_000_003) / 1_000_003);
}
