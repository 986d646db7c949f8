import { describe, expect, test } from '@jest/globals';
import { ByteWriter } from '../../src/protocol/byte-writer.ts';
import { encodeNested } from '../../src/protocol/encode-nested.ts';
import { joinElements } from '../../src/protocol/join-elements.ts';
import { JsonScanner } from '../../src/protocol/json-scanner.ts';
import { measureArray } from '../../src/protocol/measure-array.ts';
import type { RecordInput } from '../../src/protocol/record-input.ts';
import { rowOf } from '../../src/protocol/row-of.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import { defaultLimits } from '../../src/settings.ts';

const encoder = new TextEncoder();

function floats(shape: readonly number[], ...values: readonly number[]): Tensor {
  return { datatype: 'FP32', shape, data: new Uint8Array(Float32Array.from(values).buffer) };
}

function texts(shape: readonly number[], ...values: readonly string[]): Tensor {
  return { datatype: 'BYTES', shape, data: values.map((value) => encoder.encode(value)) };
}

describe('encodeNested', () => {
  const json = (tensor: Tensor) => {
    const writer = new ByteWriter();
    writer.text('before ');
    encodeNested(writer, 'y', tensor);
    return new TextDecoder().decode(writer.finish());
  };

  test.each([
    ['a scalar', floats([], 2.5), '2.5'],
    ['a scalar of text', texts([], 'a"b'), '"a\\"b"'],
    ['a vector', floats([3], 1, 2, 3), '[1,2,3]'],
    ['nothing', floats([0]), '[]'],
    ['a matrix', floats([2, 2], 1, 2, 3, 4), '[[1,2],[3,4]]'],
    ['three dimensions', floats([2, 1, 2], 1, 2, 3, 4), '[[[1,2]],[[3,4]]]'],
    ['rows of nothing', floats([2, 0]), '[[],[]]'],
    ['no rows', floats([0, 2]), '[]'],
    ['texts', texts([1, 2], 'a', 'b'), '[["a","b"]]'],
    ['what JSON lacks', floats([2], Number.NaN, Number.NEGATIVE_INFINITY), '["NaN","-Infinity"]'],
  ])('writes %s', (_what, tensor, expected) => {
    expect(json(tensor)).toBe(`before ${expected}`);
  });

  test('writes more than the room that is shared by all writers', () => {
    const rows = Array.from({ length: 2000 }, (_, row) => Array.from({ length: 16 }, (_value, at) => row + at / 4));
    expect(JSON.parse(json(floats([2000, 16], ...rows.flat())).slice('before '.length))).toEqual(rows);
  });

  test('refuses what JSON cannot carry, by its name', () => {
    const half: Tensor = { datatype: 'FP16', shape: [1], data: new Uint8Array(2) };
    expect(() => json(half)).toThrow("'y' is FP16, which JSON cannot carry");
  });
});

describe('rowOf', () => {
  test('gives a row of numbers, over the same memory', () => {
    const tensor = floats([3, 2], 1, 2, 3, 4, 5, 6);
    const row = rowOf(tensor, 1);
    expect(row).toEqual(floats([2], 3, 4));
    expect((row.data as Uint8Array).buffer).toBe((tensor.data as Uint8Array).buffer);
  });

  test('gives an element of a vector as a scalar', () => {
    expect(rowOf(floats([3], 7, 8, 9), 2)).toEqual(floats([], 9));
  });

  test('gives a row of texts', () => {
    expect(rowOf(texts([2, 2], 'a', 'b', 'c', 'd'), 1)).toEqual(texts([2], 'c', 'd'));
  });
});

describe('measureArray', () => {
  const measure = (json: string, shape: readonly number[]) => {
    const scanner = new JsonScanner(encoder.encode(` ${json}`), defaultLimits);
    scanner.next();
    const start = scanner.at;
    const sizes = measureArray(scanner, shape);
    expect(scanner.at).toBe(start);
    return sizes;
  };

  test.each([
    ['[1,2,3]', [-1], [3]],
    ['[]', [-1], [0]],
    ['[[1,2],[3,4],[5,6]]', [-1, -1], [3, 2]],
    ['[[1,2],[3,4],[5,6]]', [-1, 2], [3, 2]],
    ['[[1,2],[3,4],[5,6]]', [9, -1], [9, 2]],
    ['[[],[]]', [-1, -1], [2, 0]],
    ['[1,2]', [-1, -1], [2, 0]],
    ['[["a]","b"],["c"]]', [-1, -1], [2, 2]],
  ])('of %s in the shape [%s] finds [%s], and takes nothing', (json, shape, expected) => {
    expect(measure(json, shape)).toEqual(expected);
  });

  test('refuses what is no JSON', () => {
    expect(() => measure('[1,2', [-1])).toThrow("expected ',' or ']', got the end");
  });
});

describe('joinElements', () => {
  const input: RecordInput = { name: 'x', datatype: 'FP32', shape: [2, 2], fields: ['a', 'b', 'c', 'd'] };
  const scalars = (...values: readonly number[]) => values.map((value) => floats([], value));

  test('puts scalars together in the shape of the input', () => {
    expect(joinElements(input, scalars(1, 2, 3, 4))).toEqual(floats([2, 2], 1, 2, 3, 4));
  });

  test('gives a vector of any length the length that there is', () => {
    expect(joinElements({ ...input, shape: [-1] }, scalars(1, 2, 3))).toEqual(floats([3], 1, 2, 3));
  });

  test('puts texts together', () => {
    const parts = [texts([], 'a'), texts([], 'b')];
    expect(joinElements({ ...input, datatype: 'BYTES', shape: [2] }, parts)).toEqual(texts([2], 'a', 'b'));
  });

  test('refuses another number of them', () => {
    expect(() => joinElements(input, scalars(1, 2, 3))).toThrow(
      "input 'x': expected fields for each element of the shape [2,2], got 3",
    );
  });
});
