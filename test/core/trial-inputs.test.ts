import { expect, test } from '@jest/globals';
import { sampleElements } from '../../src/core/sample-elements.ts';
import { trialInputs } from '../../src/core/trial-inputs.ts';
import type { Datatype } from '../../src/protocol/datatype.ts';

const made = (datatype: Datatype, values: 'random' | 'zeros' = 'random') => {
  const [tensor] = trialInputs([{ name: 'x', datatype, shape: [-1] }], [[500]], values);
  return tensor ? sampleElements(tensor) : [];
};

test.each<[Datatype, number, number]>([
  ['FP32', -1, 1],
  ['FP64', -1, 1],
  ['FP16', 0.5, 1],
  ['BF16', 0.5, 1],
  ['UINT8', 0, 255],
  ['BOOL', 0, 1],
  ['INT8', 0, 1],
  ['INT16', 0, 1],
  ['UINT16', 0, 1],
  ['INT32', 0, 1],
  ['UINT32', 0, 1],
  ['INT64', 0, 1],
  ['UINT64', 0, 1],
])('inputs of %s vary from %d to %d, the same each time', (datatype, least, most) => {
  const values = made(datatype).map(Number);
  expect(made(datatype).map(Number)).toEqual(values);
  const spread = most - least;
  expect(Math.min(...values)).toBeGreaterThanOrEqual(least);
  expect(Math.max(...values)).toBeLessThanOrEqual(most);
  expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(spread * 0.9);
});

test('texts are two letters, and zeros are zeros', () => {
  expect(made('BYTES').every((text) => /^[a-z]{2}$/.test(String(text)))).toBe(true);
  expect(new Set(made('FP32', 'zeros'))).toEqual(new Set([0]));
  expect(new Set(made('BYTES', 'zeros'))).toEqual(new Set(['']));
});

test('a sample has the first and the last element of many, and text for what JSON has no number for', () => {
  const floats = Float32Array.from({ length: 5000 }, (_value, index) => index);
  const elements = sampleElements({ datatype: 'FP32', shape: [5000], data: new Uint8Array(floats.buffer) });
  expect([elements.length, elements[0], elements[1023]]).toEqual([1024, 0, 4999]);
  const longs = new Uint8Array(BigInt64Array.of(-(2n ** 63n)).buffer);
  expect(sampleElements({ datatype: 'INT64', shape: [1], data: longs })).toEqual(['-9223372036854775808']);
  const halves = new Uint8Array(Uint16Array.of(0x3c00, 0xc500, 0x0001, 0x7c00, 0xfc00, 0x7e00).buffer);
  expect(sampleElements({ datatype: 'FP16', shape: [6], data: halves })).toEqual([
    1,
    -5,
    2 ** -24,
    'Infinity',
    '-Infinity',
    'NaN',
  ]);
  const brains = new Uint8Array(Uint16Array.of(0x3f80, 0xc0a0).buffer);
  expect(sampleElements({ datatype: 'BF16', shape: [2], data: brains })).toEqual([1, -5]);
});
