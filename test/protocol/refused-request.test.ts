import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeInferenceRequest } from '../../src/protocol/decode-inference-request.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

const limits = { maxTensors: 4, maxElements: 1000, maxNesting: 8, maxNameLength: 20 };
const encoder = new TextEncoder();
const decode = (text: string) => decodeInferenceRequest(encoder.encode(text), undefined, limits);
const input = (more: object) =>
  JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], data: [1, 2], ...more }] });
const join = (chunks: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(chunks));

describe('a request is refused', () => {
  const cases: [string, string, number, string][] = [
    ['nothing', '', 400, 'the JSON does not parse: at byte 0, expected a value, got the end'],
    ['a cut body', '{"inputs":[', 400, 'at byte 11'],
    ['something after it', `${input({})} x`, 400, "expected nothing more, got 'x'"],
    ['a key twice', '{"id":"a","id":"b"}', 400, "the key 'id' twice"],
    ['no inputs', '{}', 400, "no 'inputs'"],
    ['an unnamed input', '{"inputs":[{"shape":[1]}]}', 400, "inputs[0] has no 'name'"],
    ['an unnamed output', '{"inputs":[],"outputs":[{}]}', 400, "outputs[0] has no 'name'"],
    ['no datatype', '{"inputs":[{"name":"x","shape":[1],"data":[1]}]}', 400, "input 'x' has no 'datatype'"],
    ['no data', '{"inputs":[{"name":"x","shape":[1],"datatype":"FP32"}]}', 400, "input 'x' has no 'data'"],
    [
      'an unknown datatype',
      input({ datatype: 'COMPLEX' }),
      400,
      "input 'x': unknown datatype 'COMPLEX': expected one of BOOL, UINT8",
    ],
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
      "input 'x', element 1: expected a whole number, got 1.5 (at byte 63)",
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
    ['FP16 in JSON', input({ datatype: 'FP16' }), 400, 'JSON cannot carry FP16; send the tensor as binary data'],
    [
      'a lone surrogate',
      '{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["\\ud800"]}]}',
      400,
      'the string at byte 62 of the JSON has half of a character',
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
      "parameter 'p': expected a string, a number or a boolean, got an array (at byte 19)",
    ],
    ['data and binary', input({ parameters: { binary_data_size: 8 } }), 400, "both 'data' and binary_data_size"],
    ['a long name', input({ name: 'x'.repeat(21) }), 413, 'longer than maxNameLength, 20 characters'],
    ['deep nesting', `{"later":${'['.repeat(9)}${']'.repeat(9)},"inputs":[]}`, 413, 'deeper than maxNesting, 8'],
    ['too many elements for the limit', input({ shape: [1001] }), 413, 'more than maxElements, 1000'],
    [
      'rows without end that have nothing in them',
      input({ shape: [2 ** 20 + 1, 0], data: [] }),
      413,
      'has no elements, and more than 1048576 places without any',
    ],
    [
      'too many strings',
      input({ datatype: 'BYTES', shape: [16], data: new Array(16).fill('') }),
      413,
      'more than maxElements, 1000 (one of BYTES counts as 64)',
    ],
    ['a shape larger than the body', input({ shape: [900] }), 400, 'the shape [900] is 900 elements, got 2'],
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

  const wrong: [string, string, string][] = [
    ['no object at all', '[]', 'the request: expected an object, got an array (at byte 0)'],
    ['no inputs', '{"inputs":null}', "'inputs': expected an array of objects, got null (at byte 10)"],
    ['an id', '{"id":5,"inputs":[]}', "'id': expected a string, got 5 (at byte 6)"],
    ['an input', '{"inputs":["x"]}', 'inputs[0]: expected an object, got "x" (at byte 11)'],
    ['an input name', '{"inputs":[{"name":7}]}', "an input's 'name': expected a string, got 7 (at byte 19)"],
    ['an output', '{"inputs":[],"outputs":[1]}', 'outputs[0]: expected an object, got 1 (at byte 24)'],
    ['parameters', '{"parameters":[1]}', "'parameters': expected an object, got an array (at byte 14)"],
    ['a datatype', input({ datatype: null }), "input 'x': 'datatype': expected a string, got null (at byte 34)"],
    ['data', input({ data: null }), "input 'x': 'data': expected an array of numbers, got null (at byte 60)"],
    ['data', input({ data: {} }), "input 'x': 'data': expected an array of numbers, got an object (at byte 60)"],
    ['text data', input({ datatype: 'BYTES', data: 'a' }), 'expected an array of strings, got "a"'],
    [
      'a string among numbers',
      input({ data: [1, 'a'] }),
      'input \'x\', element 1: expected a number, got "a" (at byte 63)',
    ],
    ['a long string among numbers', input({ data: ['ü'.repeat(50)] }), `got "${'ü'.repeat(19)}…`],
    ['an array among numbers', input({ data: [1, [2]] }), 'element 1: expected a number, got an array (at byte 63)'],
    [
      'null among integers',
      input({ datatype: 'INT8', data: [null, 1] }),
      'element 0: expected a whole number, got null',
    ],
    [
      'a number for text',
      input({ datatype: 'BYTES', data: [5] }),
      "input 'x', element 0: expected a string, got 5 (at byte 62)",
    ],
    [
      '2 for a boolean',
      input({ datatype: 'BOOL', data: [1, 2] }),
      'element 1: expected true or false, got 2 (at byte 63)',
    ],
    [
      'text in a shape',
      input({ shape: ['1', 4] }),
      "input 'x': 'shape': expected whole numbers from 0 to 999999999999999, got \"1\"",
    ],
    [
      'a negative shape',
      input({ shape: [-1] }),
      "input 'x': 'shape': expected whole numbers from 0 to 999999999999999, got -1",
    ],
    [
      'a shape before the name',
      '{"inputs":[{"shape":4}]}',
      "inputs[0]: 'shape': expected an array of whole numbers, got 4",
    ],
    [
      'data before its type',
      '{"inputs":[{"data":[1,{"a":[]}],"name":"x","shape":[2],"datatype":"FP32"}]}',
      "input 'x', element 1: expected a number, got an object",
    ],
  ];
  test.each(wrong)('of the wrong kind, it parses, and is named: %s', (_case, text, message) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(() => decode(text)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(message) }),
    );
    expect(() => decode(text)).not.toThrow('does not parse');
  });

  test.each([
    ['fp32', 'FP32'],
    ['float32', 'FP32'],
    ['FP31', 'FP32'],
    ['double', 'FP64'],
    ['string', 'BYTES'],
    ['TYPE_UINT8', 'UINT8'],
  ])('the unknown datatype %s gets the advice %s', (datatype, nearest) => {
    expect(() => decode(input({ datatype }))).toThrow(
      `input 'x': unknown datatype '${datatype}': did you mean ${nearest}?`,
    );
  });

  test.each(['FP32', 'INT8', 'BOOL'])('a leading zero is told as such, %s', (datatype) => {
    expect(() => decode(`{"inputs":[{"name":"x","datatype":"${datatype}","shape":[1],"data":[01]}]}`)).toThrow(
      /the JSON does not parse: at byte 6., a number may not begin with 0/,
    );
  });

  test.each(['[1 2]', '[1,]', '[1', '[tru]', '[1.]', '{"a"}'])('data that is no JSON does not parse: %s', (data) => {
    const tensor = `{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":${data}}]}`;
    expect(() => decode(tensor)).toThrow(/^the JSON does not parse: at byte 6\d, expected/);
  });

  test('a flag that is neither true nor false is refused before anything runs', () => {
    expect(() => decode('{"parameters":{"binary_data_output":"yes"},"inputs":[]}')).toThrow(
      'parameter \'binary_data_output\': expected true or false, got "yes"',
    );
    expect(() => decode('{"inputs":[],"outputs":[{"name":"y","parameters":{"binary_data":1}}]}')).toThrow(
      "output 'y', parameter 'binary_data': expected true or false, got 1",
    );
  });

  const from = (parameters: object, data?: unknown) =>
    JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], parameters, data }] });
  test.each([
    [from({}), "input 'x' has no 'data' (nor the parameter binary_data_size or content_ref)"],
    [from({ content_ref: 'a' }, [1, 2]), "input 'x' has both 'data' and content_ref; send one of them"],
    [from({ binary_data_size: 8 }, [1, 2]), "input 'x' has both 'data' and binary_data_size; send one of them"],
    [
      from({ binary_data_size: 8, content_ref: 'a' }),
      "input 'x' has both content_ref and binary_data_size; send one of them",
    ],
    [from({ content_ref: 7 }), "input 'x': expected content_ref to be a text that POST /v2/uploads gave, got 7"],
    [
      '{"inputs":[],"parameters":{"content_link_output":"yes"}}',
      'parameter \'content_link_output\': expected true or false, got "yes"',
    ],
    [
      '{"inputs":[],"outputs":[{"name":"y","parameters":{"content_link":1}}]}',
      "output 'y', parameter 'content_link': expected true or false, got 1",
    ],
  ])('data comes from one place: %s', (text, message) => {
    expect(() => decode(text)).toThrow(expect.objectContaining({ status: 400, message }));
  });

  test('the shape of what was uploaded is under the limit on elements too', () => {
    expect(() => decode(from({ content_ref: 'a' }).replace('[2]', '[2000000]'))).toThrow(
      expect.objectContaining({ status: 413, message: expect.stringContaining('maxElements') }),
    );
  });

  test('a key is a key, however it is written', () => {
    expect(decode('{"\\u0069nputs":[]}').inputs).toEqual([]);
    expect(() => decode('{"inputs":[],"\\u0069nputs":[]}')).toThrow("the key 'inputs' twice");
    expect(() => decode('{"inputs":[],"later":{"ä":1,"\\u00e4":1}}')).toThrow("the key 'ä' twice");
    const { parameters } = decode('{"inputs":[],"parameters":{"__proto__":"own"}}');
    expect(Object.entries(parameters)).toEqual([['__proto__', 'own']]);
  });

  test('names, keys and unknown members end where the limits say, however long the body is', () => {
    const long = 'x'.repeat(1_000_000);
    for (const text of [`{"${long}`, `{"inputs":[{"name":"${long}`, `{"parameters":{"${long}`, `{"later":{"${long}`]) {
      const body = encoder.encode(text);
      const decoded = jest.spyOn(TextDecoder.prototype, 'decode');
      expect(() => decodeInferenceRequest(body, undefined, limits)).toThrow(
        expect.objectContaining({
          status: 413,
          message: expect.stringContaining('longer than maxNameLength, 20 characters'),
        }),
      );
      expect(decoded).not.toHaveBeenCalled();
      decoded.mockRestore();
    }
    expect(decode(`{"inputs":[],"id":"${'\\u0061'.repeat(20)}"}`).id).toBe('a'.repeat(20));
    expect(() => decode('{"later":{"a":1,"b":1,"c":1,"d":1,"e":1}}')).toThrow(
      expect.objectContaining({
        status: 413,
        message: expect.stringContaining('more unknown members than maxTensors, 4'),
      }),
    );
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
