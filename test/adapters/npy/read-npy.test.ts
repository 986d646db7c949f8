import { describe, expect, test } from '@jest/globals';
import { readNpy } from '../../../src/adapters/npy/read-npy.ts';
import { npy } from './npy.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const codePoints = (text: string, length: number) => {
  const elements = new Uint32Array(length);
  elements.set(Array.from(text, (character) => character.codePointAt(0) as number));
  return new Uint8Array(elements.buffer);
};
const texts = (...values: string[]) => values.map((value) => new TextEncoder().encode(value));

describe('readNpy', () => {
  test.each([
    ['numbers', npy('<f4', '1, 2', floats(1, 2)), 'FP32', [1, 2], floats(1, 2)],
    ['a number alone', npy('<i2', '', bytes(1, 2)), 'INT16', [], bytes(1, 2)],
    ['booleans', npy('|b1', '2,', bytes(1, 0)), 'BOOL', [2], bytes(1, 0)],
    ['bfloat16 of ml_dtypes', npy('<V2', '1,', bytes(0, 64)), 'BF16', [1], bytes(0, 64)],
    [
      'big-endian numbers',
      npy('>i4', '2,', bytes(0, 0, 0, 1, 1, 2, 3, 4)),
      'INT32',
      [2],
      bytes(1, 0, 0, 0, 4, 3, 2, 1),
    ],
    ['Fortran order', npy('<f4', '2, 3', floats(1, 4, 2, 5, 3, 6), 'True'), 'FP32', [2, 3], floats(1, 2, 3, 4, 5, 6)],
    [
      'Fortran order of three dimensions',
      npy('|u1', '2, 2, 2', bytes(0, 4, 2, 6, 1, 5, 3, 7), 'True'),
      'UINT8',
      [2, 2, 2],
      bytes(0, 1, 2, 3, 4, 5, 6, 7),
    ],
    ['nothing in Fortran order', npy('<f4', '2, 0', bytes(), 'True'), 'FP32', [2, 0], bytes()],
    [
      'strings',
      npy('<U3', '2,', Buffer.concat([codePoints('é🙂', 3), codePoints('', 3)])),
      'BYTES',
      [2],
      texts('é🙂', ''),
    ],
    ['big-endian strings', npy('>U1', '1,', bytes(0, 0, 0, 65)), 'BYTES', [1], texts('A')],
    [
      'strings in Fortran order',
      npy('<U1', '2, 2', Buffer.concat(['a', 'c', 'b', 'd'].map((text) => codePoints(text, 1))), 'True'),
      'BYTES',
      [2, 2],
      texts('a', 'b', 'c', 'd'),
    ],
    ['byte strings', npy('|S2', '2,', bytes(255, 0, 65, 66)), 'BYTES', [2], [bytes(255), bytes(65, 66)]],
  ])('reads %s', (_name, content, datatype, shape, data) => {
    // As a file is read: a Buffer, which shares memory where a Uint8Array copies.
    const file = Buffer.from(content);
    expect(readNpy('x.npy', file)).toMatchObject({ datatype, shape });
    const tensor = readNpy('x.npy', file);
    const plain = (value: unknown) =>
      Array.isArray(value) ? value.map((text) => [...text]) : [...(value as Uint8Array)];
    expect(plain(tensor.data)).toEqual(plain(data));
  });

  test.each([
    ['short', npy('<f4', '1, 4', new Uint8Array(12)), 'x.npy: expected 16 bytes of data, got 12'],
    [
      'objects',
      npy('|O', '1,', new Uint8Array(8)),
      'x.npy: expected an array of numbers, booleans or strings (<U8, say), got |O',
    ],
    ['complex', npy('<c8', '1,', new Uint8Array(8)), 'got <c8'],
    ['something else', new Uint8Array(20), 'x.npy is no .npy file'],
  ])('refuses %s', (_name, content, message) => {
    expect(() => readNpy('x.npy', content)).toThrow(message);
  });
});
