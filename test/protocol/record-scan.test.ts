import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RecordInput } from '../../src/protocol/record-input.ts';
import { RecordScan } from '../../src/protocol/record-scan.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import { defaultLimits } from '../../src/settings.ts';

const vector: RecordInput = { name: 'x', datatype: 'FP32', shape: [-1], fields: ['x'] };
const single: RecordInput = { name: 'n', datatype: 'INT64', shape: [1], fields: ['n'] };
const text: RecordInput = { name: 't', datatype: 'BYTES', shape: [1], fields: ['t'] };

function read(record: string, inputs: readonly RecordInput[], kept: readonly string[] = []) {
  return new RecordScan(inputs, kept, defaultLimits).read(new TextEncoder().encode(record));
}

function bytesOf(tensor: Tensor | undefined): Uint8Array<ArrayBuffer> {
  if (!tensor || tensor.datatype === 'BYTES') throw new Error('expected numbers');
  return tensor.data.slice();
}

function floats(tensor: Tensor | undefined): readonly number[] {
  return [...new Float32Array(bytesOf(tensor).buffer)];
}

describe('RecordScan', () => {
  test('fills each input from the field of its name, whatever their order and whatever else there is', () => {
    const { tensors } = read('{"t":"é","other":{"n":[1]},"n":-7,"x":[0.5,2,3]}', [vector, single, text]);
    expect(tensors[0]).toMatchObject({ datatype: 'FP32', shape: [3] });
    expect(floats(tensors[0])).toEqual([0.5, 2, 3]);
    expect(new DataView(bytesOf(tensors[1]).buffer).getBigInt64(0, true)).toBe(-7n);
    expect(tensors[2]).toEqual({ datatype: 'BYTES', shape: [1], data: [new TextEncoder().encode('é')] });
  });

  test('measures free dimensions of nested arrays', () => {
    const matrix = { ...vector, shape: [-1, 2] };
    const [tensor] = read('{"x":[[1,2],[3,4],[5,6]]}', [matrix]).tensors;
    expect(tensor?.shape).toEqual([3, 2]);
    expect(floats(tensor)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('takes a flat array for a shape that is known', () => {
    const [tensor] = read('{"x":[1,2,3,4]}', [{ ...vector, shape: [2, 2] }]).tensors;
    expect([tensor?.shape, floats(tensor)]).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ]);
  });

  test('puts an input together from several fields, in the order that the input names them', () => {
    const parts = { ...vector, fields: ['a', 'b', 'c'] };
    expect(floats(read('{"c":3,"a":1,"b":2}', [parts]).tensors[0])).toEqual([1, 2, 3]);
  });

  test('fills two inputs from one field', () => {
    const { tensors } = read('{"x":[1,2]}', [vector, { ...vector, name: 'copy' }]);
    expect(tensors.map(floats)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('keeps the JSON of fields as it is written, undefined for one that is not there', () => {
    const { kept } = read('{"id": {"a" : 1.50} , "x":[1]}', [vector], ['id', 'none', 'x']);
    expect(kept).toEqual(['{"a" : 1.50}', undefined, '[1]']);
  });

  test.each([
    ['[1]', 'the record: expected an object, got an array'],
    ['{"y":[1]}', "the record has no field 'x', which fills the model's input 'x' (FP32)"],
    ['{"x":[1],"x":[2]}', "the record has the field 'x' twice"],
    ['{"x":["1"]}', "input 'x', element 0: expected a number"],
    ['{"x":[1]} {}', 'expected nothing more'],
    ['{"x":[1]', "expected ',' or '}', got the end"],
    ['{"x":[1],"skipped":[}', "at byte 20, expected ',' or ']'"],
    ['{x:[1]}', 'expected a string'],
  ])('refuses %s', (record, message) => {
    expect(() => read(record, [vector])).toThrow(message);
  });

  test('takes what JSON.stringify makes of any record of numbers', () => {
    const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.jsonValue(), (x, other) => {
        const { tensors, kept } = read(JSON.stringify({ other, x }), [vector], ['other']);
        expect(floats(tensors[0])).toEqual(x.map((value) => (Object.is(value, -0) ? 0 : value)));
        expect(kept).toEqual([JSON.stringify(other)]);
      }),
    );
  });
});
