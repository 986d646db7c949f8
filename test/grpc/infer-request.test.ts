import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inputTensors } from '../../src/grpc/input-tensors.ts';
import { scanInferRequest } from '../../src/grpc/scan-infer-request.ts';
import type { InputTensor } from '../../src/protocol/inference.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { referenceCodec } from './reference-codec.ts';
import { anyTensor, rawContents, typedContents } from './tensors.ts';

const limits = { maxTensors: 4, maxElements: 100_000, maxNesting: 8, maxNameLength: 20 };
const scan = (request: object, maxTensors = limits.maxTensors) =>
  scanInferRequest(referenceCodec.encodeRequest(request), { ...limits, maxTensors });
const tensorsOf = (request: object) => inputTensors(scan(request), limits);
const headOf = ({ name, datatype, shape }: InputTensor) => ({ name, datatype, shape });
const same = (actual: InputTensor, expected: InputTensor) => {
  // A NaN is one, whatever its other bits.
  expect(headOf(actual)).toEqual(headOf(expected));
  expect(rawContents(actual).equals(rawContents(expected))).toBe(true);
};
const x = { name: 'x', datatype: 'FP32', shape: [2] };
const fiveParameters = Object.fromEntries([0, 1, 2, 3, 4].map((name) => [name, { bool_param: true }]));
const floats = { fp32_contents: [1, 2] };

describe('an infer request', () => {
  test('has its names, parameters and outputs as they were sent', () => {
    const scanned = scan(
      {
        model_name: 'größe',
        model_version: '3',
        id: 'a',
        parameters: {
          timeout: { int64_param: 5 },
          negative: { int64_param: -7 },
          exact: { int64_param: '-9007199254740993' },
          sequence_id: { uint64_param: '18446744073709551615' },
          share: { double_param: 0.25 },
          flag: { bool_param: true },
          off: { bool_param: false },
          text: { string_param: 'x'.repeat(1000) },
          __proto__: { string_param: 'none' },
          empty: {},
        },
        inputs: [x],
        outputs: [{ name: 'y', parameters: { classification: { int64_param: 2 } } }, { name: 'z' }],
      },
      10,
    );
    expect(scanned).toMatchObject({ modelName: 'größe', modelVersion: '3', id: 'a', rawInputs: [] });
    expect({ ...scanned.parameters }).toEqual({
      timeout: 5,
      negative: -7,
      exact: '-9007199254740993',
      sequence_id: '18446744073709551615',
      share: 0.25,
      flag: true,
      off: false,
      text: 'x'.repeat(1000),
    });
    expect(scanned.outputs).toEqual([
      { name: 'y', parameters: { classification: 2 } },
      { name: 'z', parameters: {} },
    ]);
    expect(scan({})).toMatchObject({ modelName: '', modelVersion: '', id: '', inputs: [], outputs: [] });
  });

  test('a parameter whose name objects inherit is kept', () => {
    const entry = Buffer.from([0x22, 15, 0x0a, 9, ...Buffer.from('__proto__'), 0x12, 2, 0x08, 1]);
    expect(Object.entries(scanInferRequest(entry, limits).parameters)).toEqual([['__proto__', true]]);
  });

  test('raw tensors of every datatype are what was sent', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyTensor, { selector: ({ name }) => name, maxLength: 4 }), (tensors) => {
        const request = { inputs: tensors.map(headOf), raw_input_contents: tensors.map(rawContents) };
        if (tensors.length === 0) return;
        for (const [index, tensor] of tensorsOf(request).entries()) same(tensor, tensors[index] as InputTensor);
      }),
    );
  });

  test('typed tensors of every datatype that has contents are what was sent', () => {
    const typed = anyTensor.filter(({ datatype }) => datatype !== 'FP16' && datatype !== 'BF16');
    fc.assert(
      fc.property(fc.uniqueArray(typed, { selector: ({ name }) => name, maxLength: 4 }), (tensors) => {
        const inputs = tensors.map((tensor) => ({ ...headOf(tensor), contents: typedContents(tensor) }));
        for (const [index, tensor] of tensorsOf({ inputs }).entries()) {
          const expected = tensors[index] as InputTensor;
          if (!hasNaN(expected)) same(tensor, expected);
        }
      }),
    );
  });

  test('fields may come in another order, in pieces, and one by one', () => {
    // Sizes one by one; contents in two messages, one element alone and one that is packed; fields that nobody knows.
    const shape = [0x18, 2, 0x18, 1];
    const first = [0x2a, 4, 0x10, 3, 0x78, 1];
    const second = [0x2a, 3, 0x12, 1, 4];
    const datatype = [0x12, 5, ...Buffer.from('INT32')];
    const name = [0x0a, 1, 0x61];
    const input = [...first, ...shape, ...second, ...datatype, ...name];
    const unknown = [0x78, 5, 0x7d, 1, 2, 3, 4, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7a, 1, 0];
    const message = Uint8Array.from([0x2a, input.length, ...input, ...unknown, 0x0a, 1, 0x6d]);
    const scanned = scanInferRequest(message, limits);
    expect(scanned.modelName).toBe('m');
    const [tensor] = inputTensors(scanned, limits) as [InputTensor];
    expect(tensor).toMatchObject({ name: 'a', datatype: 'INT32', shape: [2, 1] });
    expect([...new Int32Array((tensor.data as Uint8Array).slice().buffer)]).toEqual([3, 4]);
  });

  test('tensors lie over the message where they can', () => {
    const text = Buffer.from('text');
    const message = referenceCodec.encodeRequest({
      inputs: [{ name: 'x', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [text] } }],
    });
    const [tensor] = inputTensors(scanInferRequest(message, limits), limits) as [InputTensor];
    expect((tensor.data[0] as Uint8Array).buffer).toBe(message.buffer);
    const raw = referenceCodec.encodeRequest({
      inputs: [{ ...x, datatype: 'UINT8' }],
      raw_input_contents: [text.subarray(2)],
    });
    const [bytes] = inputTensors(scanInferRequest(raw, limits), limits) as [InputTensor];
    expect((bytes.data as Uint8Array).buffer).toBe(raw.buffer);
  });

  test.each<[object, string, number?]>([
    [{ inputs: [x, x] }, "the inputs have 'x' twice"],
    [{ inputs: [{ ...x, name: '' }] }, 'inputs[0] has no name'],
    [{ outputs: [{ name: 'y' }, { name: 'y' }] }, "the outputs have 'y' twice"],
    [{ inputs: [{ ...x, datatype: 'FLOAT' }] }, "input 'x': unknown datatype 'FLOAT': did you mean FP32?"],
    [{ inputs: [{ ...x, datatype: '' }] }, "input 'x': unknown datatype ''"],
    [{ inputs: [{ ...x, shape: [-1, 2] }] }, "input 'x': expected a shape of whole numbers from 0, got -1"],
    [{ inputs: [{ ...x, shape: ['4611686018427387904', 4] }] }, '686018427388000,4] is more than maxElements', 413],
    [{ inputs: [{ ...x, shape: ['4611686018427387904', 0] }] }, '686018427388000,0] is more than maxElements', 413],
    [{ inputs: [x] }, "input 'x': shape [2] is 2 elements in fp32_contents, got 0"],
    [{ inputs: [{ ...x, contents: { fp32_contents: [1] } }] }, 'is 2 elements in fp32_contents, got 1'],
    [{ inputs: [{ ...x, contents: { fp32_contents: [1, 2, 3] } }] }, 'is 2 elements in fp32_contents, got more'],
    [{ inputs: [{ ...x, shape: [9000], contents: floats }] }, 'is 9000 elements, more than the message holds'],
    [
      { inputs: [{ ...x, contents: { int_contents: [1, 2] } }] },
      "input 'x' is FP32: expected its elements in fp32_contents, got int_contents",
    ],
    [
      { inputs: [{ ...x, datatype: 'FP16', contents: floats }] },
      "input 'x': FP16 has no typed contents; send it in raw",
    ],
    [
      { inputs: [{ ...x, datatype: 'INT8', contents: { int_contents: [1, 128] } }] },
      "input 'x', element 1: 128 is out of the range of INT8",
    ],
    [
      { inputs: [{ ...x, datatype: 'UINT16', contents: { uint_contents: [65536, 1] } }] },
      "input 'x', element 0: 65536 is out of the range of UINT16",
    ],
    [{ inputs: [x], raw_input_contents: [Buffer.alloc(9)] }, 'shape [2] of FP32 is 8 bytes of binary data, got 9'],
    [{ inputs: [x], raw_input_contents: [Buffer.alloc(8), Buffer.alloc(8)] }, 'has 2 entries for 1 inputs'],
    [{ inputs: [{ ...x, contents: floats }], raw_input_contents: [Buffer.alloc(8)] }, "input 'x' has contents, and"],
    [
      { inputs: [{ ...x, datatype: 'BYTES' }], raw_input_contents: [Buffer.from([1, 0, 0, 0])] },
      "'x': element 0 of the binary data is cut off",
    ],
    [{ model_name: 'm'.repeat(21) }, "'model_name' is longer than maxNameLength, 20 characters", 413],
    [{ id: 'i'.repeat(100) }, "'id' is longer than maxNameLength", 413],
    [
      { parameters: { ['p'.repeat(21)]: { bool_param: true } } },
      "a parameter's name is longer than maxNameLength",
      413,
    ],
    [{ inputs: [0, 1, 2, 3, 4].map((name) => ({ ...x, name })) }, 'more inputs than maxTensors, 4', 413],
    [{ outputs: [0, 1, 2, 3, 4].map((name) => ({ name })) }, 'more outputs than maxTensors, 4', 413],
    [{ raw_input_contents: Array(5).fill(Buffer.alloc(0)) }, 'more raw_input_contents than maxTensors, 4', 413],
    [{ parameters: fiveParameters }, 'more parameters than maxTensors, 4', 413],
    [{ outputs: [{ name: 'y', parameters: fiveParameters }] }, 'more parameters than maxTensors, 4', 413],
    [{ inputs: [{ ...x, shape: Array(9).fill(1) }] }, 'more dimensions than maxNesting, 8', 413],
    [{ inputs: [{ ...x, shape: [100_001] }], raw_input_contents: [Buffer.alloc(8)] }, 'more than maxElements', 413],
  ])('%j is refused: %s', (request, message, status = 400) => {
    const refusal = refusalOf(() => tensorsOf(request));
    expect(refusal.message).toContain(message);
    expect(refusal.status).toBe(status);
  });

  test('contents in more pieces than there may be tensors are refused', () => {
    const input = [0x0a, 1, 0x78, ...Array(5).fill([0x2a, 1, 0]).flat()];
    const refusal = refusalOf(() => scanInferRequest(Uint8Array.from([0x2a, input.length, ...input]), limits));
    expect(refusal).toMatchObject({
      status: 413,
      message: "input 'x': its contents come in more pieces than maxTensors, 4",
    });
  });

  test.each<[string, number[]]>([
    ['it ends within a field', [0x0a, 0x80]],
    ['a field is longer than what holds it', [0x0a, 5, 0x61]],
    ['a field is longer than what holds it', [0x2a, 3, 0x0a, 5, 0x61, 0x61, 0x61]],
    ['there is no such field', [0x00, 1]],
    ['there is no such field', [0x8a, 0x80, 0x80, 0x80, 0x10, 0]],
    ['a field has the unknown wire type 3', [0x7b]],
    ['a number is longer than 10 bytes', [0x78, ...Array(10).fill(0xff), 1]],
    ["'model_name' is no valid UTF-8", [0x0a, 1, 0xff]],
    ['it ends within a field', [0x22, 4, 0x12, 2, 0x21, 0]],
  ])('a damaged message is refused: %s', (reason, bytes) => {
    const refusal = refusalOf(() => inputTensors(scanInferRequest(Uint8Array.from(bytes), limits), limits));
    expect(refusal.message).toContain(reason);
    expect(refusal.status).toBe(400);
  });

  test('whatever is done to a message, it is read or refused', () => {
    const message = referenceCodec.encodeRequest({
      model_name: 'm',
      parameters: { a: { double_param: 1 } },
      inputs: [
        { ...x, contents: floats },
        { name: 'b', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [Buffer.from('t')] } },
        { name: 'c', datatype: 'INT64', shape: [1], contents: { int64_contents: [-1] } },
      ],
      outputs: [{ name: 'y', parameters: { classification: { int64_param: 1 } } }],
    });
    const changes = fc.array(fc.tuple(fc.nat(message.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, fc.nat(message.length), (places, end) => {
        const damaged = Uint8Array.from(message);
        for (const [at, byte] of places) damaged[at] = byte;
        for (const bytes of [damaged, damaged.subarray(0, end)]) {
          try {
            inputTensors(scanInferRequest(bytes, limits), limits);
          } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function refusalOf(work: () => unknown): ServiceError {
  try {
    work();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** JavaScript's numbers do not keep the bits of a NaN. */
function hasNaN(tensor: InputTensor): boolean {
  if (tensor.datatype !== 'FP32' && tensor.datatype !== 'FP64') return false;
  return Object.values(typedContents(tensor))[0]?.some((value) => Number.isNaN(value)) === true;
}
