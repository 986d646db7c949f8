import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeInferenceResponse } from '../../src/protocol/encode-inference-response.ts';
import type { OutputTensor } from '../../src/protocol/inference.ts';
import { shortestFloat32 } from '../../src/protocol/shortest-float32.ts';
import { floatTensor } from '../fakes/float-tensor.ts';

describe('encodeInferenceResponse', () => {
  const encode = (outputs: readonly OutputTensor[], isBinary = false) => {
    const { chunks, jsonBytes } = encodeInferenceResponse(
      { modelName: 'm', modelVersion: '1', outputs },
      () => isBinary,
    );
    return { json: JSON.parse(new TextDecoder().decode(chunks[0])), chunks, jsonBytes };
  };

  test('NaN and infinities are strings', () => {
    const { json } = encode([
      { name: 'y', ...floatTensor([4], [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1]) },
    ]);
    expect(json.outputs[0].data).toEqual(['NaN', 'Infinity', '-Infinity', 0.1]);
  });

  test('64-bit integers keep every digit', () => {
    const data = new Uint8Array(BigUint64Array.of(2n ** 64n - 1n).buffer);
    const { chunks } = encode([{ name: 'y', datatype: 'UINT64', shape: [1], data }]);
    expect(new TextDecoder().decode(chunks[0])).toContain('[18446744073709551615]');
  });

  test('binary outputs follow the JSON, which tells their sizes', () => {
    const { json, chunks, jsonBytes } = encode(
      [{ name: 'y', ...floatTensor([2], [1, 2]), parameters: { keys: '[]' } }],
      true,
    );
    expect(json.outputs[0]).toEqual({
      name: 'y',
      datatype: 'FP32',
      shape: [2],
      parameters: { keys: '[]', binary_data_size: 8 },
    });
    expect(jsonBytes).toBe(chunks[0]?.length);
    expect([...(chunks[1] as Uint8Array)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
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
