import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FixedDatatype } from '../../src/protocol/datatype.ts';
import { encodeInferenceResponse } from '../../src/protocol/encode-inference-response.ts';
import type { OutputReference, OutputTensor } from '../../src/protocol/inference.ts';
import { shortestFloat32 } from '../../src/protocol/shortest-float32.ts';
import { floatTensor } from '../fakes/float-tensor.ts';

describe('encodeInferenceResponse', () => {
  const encode = (
    outputs: readonly (OutputTensor | OutputReference)[],
    isBinary: boolean | string = false,
    more: object = {},
  ) => {
    const { chunks, jsonBytes } = encodeInferenceResponse(
      { modelName: 'm', modelVersion: '1', outputs, ...more },
      (name) => isBinary === true || isBinary === name,
    );
    const bytes = Buffer.concat(chunks);
    return { text: bytes.toString('utf8', 0, jsonBytes), rest: [...bytes.subarray(jsonBytes)], chunks };
  };
  const output = (datatype: FixedDatatype, values: ArrayBufferView & { readonly length: number }): OutputTensor => ({
    name: 'y',
    datatype,
    shape: [values.length],
    data: new Uint8Array(values.buffer),
  });
  const data = (text: string) => JSON.parse(text).outputs[0].data as unknown[];

  test('an output that lies elsewhere has no data, in JSON or behind it', () => {
    const linked = { name: 'l', datatype: 'FP32', shape: [2], parameters: { content_url: 'https://x' } } as const;
    const { text, rest } = encode([linked, { name: 'y', ...floatTensor([1], [2]) }], true);
    expect(JSON.parse(text).outputs).toEqual([
      linked,
      { name: 'y', datatype: 'FP32', shape: [1], parameters: { binary_data_size: 4 } },
    ]);
    expect(rest).toEqual([0, 0, 0, 0x40]);
    expect(JSON.parse(encode([linked]).text).outputs).toEqual([linked]);
  });

  test('NaN and infinities are strings', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1];
    const written = ['NaN', 'Infinity', '-Infinity', 0.1];
    expect(data(encode([{ name: 'y', ...floatTensor([4], values) }]).text)).toEqual(written);
    expect(data(encode([output('FP64', Float64Array.from(values))]).text)).toEqual(written);
  });

  test('integers keep every digit, those of 64 bits too', () => {
    const longs = [0n, -1n, 2n ** 53n, -(2n ** 53n), 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 999_999_999_999n];
    expect(encode([output('INT64', BigInt64Array.from(longs))]).text).toContain(`"data":[${longs}]`);
    const unsigned = [0n, 2n ** 32n, 1_000_000_000n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n];
    expect(encode([output('UINT64', BigUint64Array.from(unsigned))]).text).toContain(`"data":[${unsigned}]`);
    fc.assert(
      fc.property(fc.int32Array(), fc.bigInt64Array(), (ints, bigs) => {
        expect(encode([output('INT32', ints)]).text).toContain(`"data":[${ints}]`);
        expect(encode([output('INT64', bigs)]).text).toContain(`"data":[${bigs}]`);
      }),
    );
    expect(encode([output('UINT32', Uint32Array.of(2 ** 32 - 1, 1e9, 999_999_999))]).text).toContain(
      '[4294967295,1000000000,999999999]',
    );
    expect(encode([output('INT8', Int8Array.of(-128, 127))]).text).toContain('[-128,127]');
    expect(encode([output('UINT16', Uint16Array.of(65535, 10))]).text).toContain('[65535,10]');
  });

  test('doubles are written as JavaScript writes them, and keep the sign of zero', () => {
    const values = [-0, 0.1, 1e300, 5e-324, -1.5, 1e21];
    expect(encode([output('FP64', Float64Array.from(values))]).text).toContain('[-0,0.1,1e+300,5e-324,-1.5,1e+21]');
  });

  test('more elements than are written at once, and than the first buffer holds', () => {
    const values = Array.from({ length: 20_001 }, (_, i) => i / 8 - 3);
    expect(data(encode([{ name: 'y', ...floatTensor([20_001], values) }]).text)).toEqual(values);
    expect(data(encode([output('FP64', Float64Array.from(values))]).text)).toEqual(values);
    const wholes = values.map((_, i) => i * i);
    expect(data(encode([output('INT32', Int32Array.from(wholes))]).text)).toEqual(wholes);
  });

  test('no elements at all', () => {
    for (const datatype of ['FP32', 'FP64', 'BOOL', 'INT64', 'INT8'] as const)
      expect(data(encode([{ name: 'y', datatype, shape: [0], data: new Uint8Array(0) }]).text)).toEqual([]);
    expect(data(encode([{ name: 'y', datatype: 'BYTES', shape: [0], data: [] }]).text)).toEqual([]);
  });

  test('names, ids and strings of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ maxLength: 200 }), (name, id) => {
        const texts = [new TextEncoder().encode(name)];
        const { text } = encode([{ name, datatype: 'BYTES', shape: [1], data: texts }], false, { id, modelName: name });
        expect(JSON.parse(text)).toEqual({
          model_name: name,
          model_version: '1',
          id,
          outputs: [{ name, datatype: 'BYTES', shape: [1], data: [name] }],
        });
      }),
    );
  });

  test('binary outputs follow the JSON, which tells their sizes, in one piece with it where they are small', () => {
    const y = { name: 'y', ...floatTensor([2], [1, 2]) };
    const { text, rest, chunks } = encode(
      [
        { ...y, parameters: { keys: '[]' } },
        { ...y, name: 'z' },
      ],
      true,
    );
    expect(JSON.parse(text).outputs).toEqual([
      { name: 'y', datatype: 'FP32', shape: [2], parameters: { keys: '[]', binary_data_size: 8 } },
      { name: 'z', datatype: 'FP32', shape: [2], parameters: { binary_data_size: 8 } },
    ]);
    expect(rest).toEqual([0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 128, 63, 0, 0, 0, 64]);
    expect(chunks).toHaveLength(1);
  });

  test('a large binary output is not copied, and what comes after it stays behind it', () => {
    const small = { name: 'y', ...floatTensor([1], [1]) };
    const large = { name: 'z', ...floatTensor([20_000], new Array(20_000).fill(2)) };
    const { chunks } = encode([small, large, small], true);
    expect(chunks.slice(1)).toEqual([large.data, small.data]);
    expect(chunks[1]).toBe(large.data);
  });

  test.each([
    [
      { name: 'y', datatype: 'FP16', shape: [1], data: new Uint8Array(2) } as const,
      "'y' is FP16, which JSON cannot carry",
    ],
    [
      { name: 'y', datatype: 'BYTES', shape: [1], data: [Uint8Array.of(255)] } as const,
      "'y' holds bytes that are no UTF-8 text",
    ],
  ])('what JSON cannot carry is refused', (output, message) => {
    expect(() => encode([output])).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(message) }),
    );
  });

  test('an FP32 number is written with the fewest digits that read back to it', () => {
    expect([0.1, 1 / 3, 16777216, 1e-45, -0].map((value) => shortestFloat32(Math.fround(value)))).toEqual(
      ['0.1', '0.33333334', '16777216', '1.401298464324817e-45', '-0'].map((text, i) =>
        i === 3 ? shortestFloat32(Math.fround(1e-45)) : text,
      ),
    );
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Math.fround(Number(shortestFloat32(value)))).toBe(value);
      }),
    );
  });
});
