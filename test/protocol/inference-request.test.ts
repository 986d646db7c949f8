import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Datatype } from '../../src/protocol/datatype.ts';
import { decodeInferenceRequest } from '../../src/protocol/decode-inference-request.ts';
import { elementBytes } from '../../src/protocol/element-bytes.ts';
import { encodeInferenceRequest } from '../../src/protocol/encode-inference-request.ts';
import type { InferenceRequest, InputTensor } from '../../src/protocol/inference.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

const limits = { maxTensors: 4, maxElements: 1000, maxNesting: 8, maxNameLength: 20 };
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
    expect(number(text, 'FP64')).toBe(expected);
    if (Math.abs(expected) < 3.4e38) expect(number(text, 'FP32')).toBe(Math.fround(expected));
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
      { numRuns: 2000 },
    );
  });

  test('any digits and exponent', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(digits, digits, fc.integer({ min: -60, max: 60 }), (whole, fraction, exponent) => {
        check(`${whole.replace(/^0+(?=.)/, '')}.${fraction}e${exponent}`);
      }),
      { numRuns: 5000 },
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

  test('64-bit integers keep every digit', () => {
    const { inputs } = decode(
      '{"inputs":[{"name":"x","datatype":"INT64","shape":[3],"data":[9223372036854775807,-9223372036854775808,-5]}]}',
    );
    const { buffer } = (inputs[0] as InputTensor).data as Uint8Array;
    expect([...new BigInt64Array(buffer)]).toEqual([2n ** 63n - 1n, -(2n ** 63n), -5n]);
  });

  test('booleans, as words or as 0 and 1', () => {
    expect(decode(input({ datatype: 'BOOL', shape: [4], data: [true, false, 1, 0] })).inputs[0]?.data).toEqual(
      Uint8Array.of(1, 0, 1, 0),
    );
  });
});

describe('bad input', () => {
  const cases: [string, string, number, string][] = [
    ['nothing', '', 400, "at byte 0, expected '{', got the end"],
    ['a cut body', '{"inputs":[', 400, 'at byte 11'],
    ['something after it', `${input({})} x`, 400, "expected nothing more, got 'x'"],
    ['a key twice', '{"id":"a","id":"b"}', 400, "the key 'id' twice"],
    ['no inputs', '{}', 400, "no 'inputs'"],
    ['an unnamed input', '{"inputs":[{"shape":[1]}]}', 400, "an input has no 'name'"],
    ['no datatype', '{"inputs":[{"name":"x","shape":[1],"data":[1]}]}', 400, "input 'x' has no 'datatype'"],
    ['no data', '{"inputs":[{"name":"x","shape":[1],"datatype":"FP32"}]}', 400, "input 'x' has no 'data'"],
    ['an unknown datatype', input({ datatype: 'FLOAT' }), 400, "unknown datatype 'FLOAT': expected one of BOOL, UINT8"],
    ['a negative shape', input({ shape: [-1] }), 400, 'a shape holds -1'],
    ['too few elements', input({ data: [1] }), 400, "input 'x': the shape [2] is 2 elements, got 1"],
    ['too many elements', input({ data: [1, 2, 3] }), 400, 'the shape [2] is 2 elements, got 3'],
    ['wrong nesting', input({ shape: [2, 1], data: [[1, 2]] }), 400, 'nests as 2 where the shape [2,1] says 1'],
    [
      'mixed nesting',
      input({ shape: [2, 1], data: [[1], 2] }),
      400,
      'expected data that is flat, or nested as the shape [2,1] says',
    ],
    [
      'a number out of range',
      input({ datatype: 'INT8', data: [1, 128] }),
      400,
      "input 'x', element 1: expected INT8, a number from -128 to 127, got 128",
    ],
    [
      'a fraction for an integer',
      input({ datatype: 'INT8', data: [1, 1.5] }),
      400,
      "input 'x', element 1: expected a whole number, got 1.5",
    ],
    [
      'more than 64 bits',
      '{"inputs":[{"name":"x","datatype":"UINT64","shape":[1],"data":[18446744073709551616]}]}',
      400,
      'from 0 to 18446744073709551615, got 18446744073709551616',
    ],
    ['a number too large', input({ data: [1, 1e39] }), 400, "input 'x', element 1: 1e+39 is too large for FP32"],
    [
      'NaN',
      '{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[NaN]}]}',
      400,
      'JSON has no NaN and no infinities',
    ],
    ['"Infinity"', input({ data: [1, 'Infinity'] }), 400, 'send the tensor as binary data'],
    ['a leading zero', '{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[01]}]}', 400, 'expected a number'],
    ['text for a number', input({ data: ['a', 'b'] }), 400, "expected a number for input 'x'"],
    ['FP16 in JSON', input({ datatype: 'FP16' }), 400, 'JSON cannot carry FP16; send the tensor as binary data'],
    [
      'a lone surrogate',
      '{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["\\ud800"]}]}',
      400,
      'valid UTF-8 and escapes',
    ],
    [
      'an input twice',
      '{"inputs":[{"name":"x","datatype":"INT8","shape":[0],"data":[]},{"name":"x","datatype":"INT8","shape":[0],"data":[]}]}',
      400,
      "the inputs have 'x' twice",
    ],
    [
      'a parameter that is an array',
      '{"parameters":{"p":[1]},"inputs":[]}',
      400,
      "parameter 'p': expected a string, a number or a boolean",
    ],
    ['data and binary', input({ parameters: { binary_data_size: 8 } }), 400, "both 'data' and binary_data_size"],
    ['a long name', input({ name: 'x'.repeat(21) }), 413, 'more than maxNameLength, 20'],
    ['deep nesting', `{"later":${'['.repeat(9)}${']'.repeat(9)},"inputs":[]}`, 413, 'deeper than maxNesting, 8'],
    ['too many elements for the limit', input({ shape: [1001] }), 413, 'more than maxElements, 1000'],
    ['a shape larger than the body', input({ shape: [900] }), 400, 'more than the body holds'],
    [
      'too many inputs',
      JSON.stringify({
        inputs: [1, 2, 3, 4, 5].map((i) => ({ name: `${i}`, datatype: 'INT8', shape: [0], data: [] })),
      }),
      413,
      'more inputs than maxTensors, 4',
    ],
  ];
  test.each(cases)('%s', (_case, text, status, message) => {
    expect(() => decode(text)).toThrow(expect.objectContaining({ status, message: expect.stringContaining(message) }));
  });

  const binary = (parameters: object, rest: number[], jsonBytes?: number) => {
    const json = encoder.encode(
      JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], ...parameters }] }),
    );
    return () => decodeInferenceRequest(join([json, Uint8Array.from(rest)]), jsonBytes ?? json.length, limits);
  };
  const eight = { parameters: { binary_data_size: 8 } };
  const bytesOf = (size: number) => ({ datatype: 'BYTES', parameters: { binary_data_size: size } });

  test.each([
    ['data cut short', binary(eight, [0, 0, 0]), "input 'x': expecting 5 additional bytes"],
    ['data left over', binary(eight, new Array(9).fill(0)), '1 bytes of binary data are left over'],
    [
      'a size that is not the shape',
      binary({ parameters: { binary_data_size: 4 } }, [0, 0, 0, 0]),
      'shape [2] of FP32 is 8 bytes of binary data, got 4',
    ],
    [
      'a size that is none',
      binary({ parameters: { binary_data_size: -1 } }, []),
      'expected binary_data_size to be a number of bytes, got -1',
    ],
    [
      'a header longer than the body',
      binary(eight, [], 10_000),
      'Inference-Header-Content-Length is 10000, but the body has',
    ],
    ['an element cut off', binary(bytesOf(5), [1, 0, 0, 0, 65]), 'is 2 elements of binary data, got 1'],
    [
      'an element longer than the data',
      binary(bytesOf(5), [9, 0, 0, 0, 65]),
      'element 0 of the binary data is cut off',
    ],
  ])('binary: %s', (_case, run, message) => {
    expect(run).toThrow(expect.objectContaining({ status: 400, message: expect.stringContaining(message) }));
  });

  test('arbitrary and mutated bytes never throw anything else', () => {
    const valid = encoder.encode(input({ parameters: { a: 'é' }, data: [[1e-5], [-2]], shape: [2, 1] }));
    const mutated = fc
      .tuple(fc.nat(valid.length - 1), fc.uint8Array({ maxLength: 4 }))
      .map(([at, bytes]) => join([valid.subarray(0, at), bytes, valid.subarray(at + bytes.length)]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), mutated), fc.option(fc.nat(200), { nil: undefined }), (body, jsonBytes) => {
        try {
          decodeInferenceRequest(body, jsonBytes, limits);
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
