import { expect, test } from '@jest/globals';
import { readBfloat16, readFloat16 } from '../../../src/adapters/onnx-native/decoder/half-floats.ts';

const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

test('every number of 16 bits is read as the same one of 32', () => {
  const read = new Float32Array(all.length);
  readFloat16(all, read);
  expect(read).toEqual(Float32Array.from(new Float16Array(all.buffer)));
});

test('a bfloat16 is the upper half of a number of 32 bits', () => {
  const read = new Float32Array(all.length);
  readBfloat16(all, read);
  const words = Uint32Array.from(all, (bits) => bits * 65_536);
  expect(read).toEqual(new Float32Array(words.buffer));
});
