import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Datatype } from '../../src/protocol/datatype.ts';
import { decodeInferenceRequest } from '../../src/protocol/decode-inference-request.ts';
import { elementBytes } from '../../src/protocol/element-bytes.ts';
import { encodeInferenceRequest } from '../../src/protocol/encode-inference-request.ts';
import type { InferenceRequest, InputTensor } from '../../src/protocol/inference.ts';

const limits = { maxTensors: 4, maxElements: 100_000, maxNesting: 8, maxNameLength: 20 };
const encoder = new TextEncoder();
const decode = (text: string) => decodeInferenceRequest(encoder.encode(text), undefined, limits);
const input = (more: object) =>
  JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], data: [1, 2], ...more }] });
const join = (chunks: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(chunks));

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const size = (shape: readonly number[]) => shape.reduce((product, each) => product * each, 1);

function tensors(datatype: Datatype, text: boolean): fc.Arbitrary<InputTensor> {
  const name = fc.constant('x');
  return shapes.chain((shape): fc.Arbitrary<InputTensor> => {
    const elements = size(shape);
    if (datatype === 'BYTES') {
      const element = text ? fc.string({ unit: 'grapheme' }).map((each) => encoder.encode(each)) : fc.uint8Array();
      const data = fc.array(element, { minLength: elements, maxLength: elements });
      return fc.record({ name, datatype: fc.constant(datatype), shape: fc.constant(shape), data });
    }
    const bytes = elements * elementBytes[datatype];
    const data = fc
      .uint8Array({ minLength: bytes, maxLength: bytes })
      .map((each) => (text ? finite(datatype, each) : each.slice()));
    return fc.record({ name, datatype: fc.constant(datatype), shape: fc.constant(shape), data });
  });
}

/** Random bytes without what JSON lacks: NaN, infinities, booleans that are neither 0 nor 1. */
function finite(datatype: Datatype, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  if (datatype === 'BOOL') return copy.map((byte) => byte & 1);
  const width = datatype === 'FP32' ? 4 : datatype === 'FP64' ? 8 : 0;
  // Clearing a bit of the exponent leaves every number finite.
  for (let at = width - 1; width > 0 && at < copy.length; at += width) copy[at] = (copy[at] as number) & 0xbf;
  return copy;
}

test('inputs that were uploaded come as references, beside those with data and with bytes', () => {
  const each = { datatype: 'FP32', shape: [1] };
  const json = JSON.stringify({
    inputs: [
      { name: 'a', ...each, parameters: { content_ref: 'uploads/a' } },
      { name: 'b', ...each, parameters: { binary_data_size: 4 } },
      { parameters: { content_ref: 'uploads/c', other: 1 }, name: 'c', datatype: 'BYTES', shape: [2, 3] },
      { name: 'd', ...each, data: [1] },
    ],
  });
  const body = join([encoder.encode(json), Uint8Array.of(0, 0, 0x40, 0x40)]);
  const { inputs, references } = decodeInferenceRequest(body, json.length, limits);
  expect(references).toEqual([
    { name: 'a', ...each, contentRef: 'uploads/a' },
    { name: 'c', datatype: 'BYTES', shape: [2, 3], contentRef: 'uploads/c' },
  ]);
  expect(inputs.map(({ name, data }) => [name, [...(data as Uint8Array)]])).toEqual([
    ['b', [0, 0, 0x40, 0x40]],
    ['d', [0, 0, 0x80, 0x3f]],
  ]);
  expect(decode(input({})).references).toBeUndefined();
});

describe('encode, then decode, is the identity', () => {
  const all = [...(Object.keys(elementBytes) as Datatype[]), 'BYTES' as const];

  test.each(all)('%s, in binary', (datatype) => {
    fc.assert(
      fc.property(tensors(datatype, false), (tensor) => {
        const { chunks, jsonBytes } = encodeInferenceRequest({ parameters: {}, inputs: [tensor] }, () => true);
        const decoded = decodeInferenceRequest(join(chunks), jsonBytes, limits).inputs[0] as InputTensor;
        expect(plain(decoded)).toEqual(plain(tensor));
        if (decoded.datatype !== 'BYTES') expect(decoded.data.byteOffset % elementBytes[decoded.datatype]).toBe(0);
      }),
    );
  });

  test.each(all.filter((each) => each !== 'FP16' && each !== 'BF16'))('%s, in JSON', (datatype) => {
    fc.assert(
      fc.property(tensors(datatype, true), (tensor) => {
        const { chunks } = encodeInferenceRequest({ parameters: {}, inputs: [tensor] }, () => false);
        expect(plain(decodeInferenceRequest(join(chunks), undefined, limits).inputs[0] as InputTensor)).toEqual(
          plain(tensor),
        );
      }),
    );
  });

  test('ids, parameters and requested outputs', () => {
    const request: InferenceRequest = {
      id: 'ü "quoted"',
      parameters: { timeout: 5, name: 'a\n', flag: true },
      inputs: [],
      outputs: [{ name: 'y', parameters: { binary_data: false } }],
    };
    expect(decode(new TextDecoder().decode(join(encodeInferenceRequest(request, () => false).chunks)))).toEqual(
      request,
    );
  });

  function plain(tensor: InputTensor) {
    const data = tensor.datatype === 'BYTES' ? tensor.data.map((each) => [...each]) : [...tensor.data];
    return { ...tensor, data };
  }
});

describe('numbers are what JSON.parse makes of them', () => {
  const number = (text: string, datatype: 'FP32' | 'FP64') => {
    const { data } = decode(`{"inputs":[{"name":"x","datatype":"${datatype}","shape":[1],"data":[${text}]}]}`)
      .inputs[0] as InputTensor;
    const { buffer, byteOffset } = data as Uint8Array;
    return (datatype === 'FP32' ? new Float32Array(buffer, byteOffset) : new Float64Array(buffer, byteOffset))[0];
  };
  const check = (text: string) => {
    const expected = JSON.parse(text) as number;
    if (!Number.isFinite(expected)) return;
    const wanted: ['FP32' | 'FP64', number][] = [['FP64', expected]];
    if (Math.abs(expected) < 3.4e38) wanted.push(['FP32', Math.fround(expected)]);
    expect(wanted.filter(([datatype, value]) => !Object.is(number(text, datatype), value))).toEqual([]);
  };

  test.each([
    '0',
    '-0',
    '0.1',
    '-0.0e5',
    '1e22',
    '1e23',
    '9007199254740993',
    '123456789012345678901234567890',
    '5e-324',
    '2.2250738585072011e-308',
    '1.7976931348623157e308',
    '0.000001e-300',
    '8.5e-46',
    '16777217',
    '1.00000017881393432617187499',
    '1.00000017881393421514957253748434595763683319091796875001',
  ])('%s', check);

  test('any double, as JavaScript and others write it', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 1, max: 25 }),
        (value, digits) => {
          for (const text of [
            JSON.stringify(value),
            value.toExponential(),
            value.toPrecision(digits),
            value.toExponential(Math.min(20, digits)),
          ])
            check(text);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('any digits and exponent', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(digits, digits, fc.integer({ min: -60, max: 60 }), (whole, fraction, exponent) => {
        check(`${whole.replace(/^0+(?=.)/, '')}.${fraction}e${exponent}`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('JSON that is accepted', () => {
  test('members come in any order, data may be nested', () => {
    const { inputs } = decode(
      '{"inputs":[{"data":[[1,2],[3,4]],"shape":[2,2],"name":"x","datatype":"INT8"}], "later": {"a":[null]}}',
    );
    expect(inputs).toEqual([{ name: 'x', datatype: 'INT8', shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) }]);
  });

  test.each([
    ['FP32', '-1.5e0', [0, 0, 192, 191]],
    ['FP64', '1.5', [0, 0, 0, 0, 0, 0, 248, 63]],
    ['INT64', '-1', [255, 255, 255, 255, 255, 255, 255, 255]],
    ['UINT8', '7', [7]],
    ['BOOL', 'true', [1]],
    ['BOOL', '0', [0]],
    ['BYTES', '"ü\\n"', [Uint8Array.of(195, 188, 10)]],
    ['BYTES', '"a"', [Uint8Array.of(97)]],
  ])('a scalar of %s may come bare, as %s, or in an array', (datatype, value, elements) => {
    const type = `"name":"x","datatype":"${datatype}","shape":[]`;
    for (const data of [value, ` ${value} `, `[${value}]`]) {
      for (const text of [`${type},"data":${data}`, `"data":${data},${type}`, `${type},"data":${data},"a":1`]) {
        const { inputs } = decode(`{"inputs":[{${text}}]}`);
        expect(
          [...(inputs[0]?.data ?? [])].map((each) => (typeof each === 'number' ? each : new Uint8Array(each))),
        ).toEqual(elements);
      }
    }
  });

  test('a bare value is for scalars only, and of their datatype', () => {
    expect(() => decode(input({ shape: [1], data: 1 }))).toThrow("'data': expected an array of numbers, got 1");
    expect(() => decode(input({ shape: [], data: 'a' }))).toThrow('input \'x\', element 0: expected a number, got "a"');
    expect(() => decode(input({ datatype: 'INT8', shape: [], data: 128 }))).toThrow('from -128 to 127, got 128');
    expect(() => decode(input({ shape: [], data: [[1]] }))).toThrow(
      'expected data that is flat, or nested as the shape [] says',
    );
  });

  test('64-bit integers keep every digit', () => {
    const { inputs } = decode(
      '{"inputs":[{"name":"x","datatype":"INT64","shape":[3],"data":[9223372036854775807,-9223372036854775808,-5]}]}',
    );
    const { buffer, byteOffset } = (inputs[0] as InputTensor).data as Uint8Array;
    expect([...new BigInt64Array(buffer, byteOffset, 3)]).toEqual([2n ** 63n - 1n, -(2n ** 63n), -5n]);
  });

  test('booleans, as words or as 0 and 1', () => {
    expect(decode(input({ datatype: 'BOOL', shape: [4], data: [true, false, 1, 0] })).inputs[0]?.data).toEqual(
      Uint8Array.of(1, 0, 1, 0),
    );
  });
});
