import { float32Bytes, writeFloat32 } from './write-float32.ts';

const decoder = new TextDecoder();
const scratch = new Uint8Array(float32Bytes);

/** The shortest decimal that reads back as the same FP32 number, which `value` must be, and finite. */
export function shortestFloat32(value: number): string {
  return decoder.decode(scratch.subarray(0, writeFloat32(value, scratch, 0)));
}
