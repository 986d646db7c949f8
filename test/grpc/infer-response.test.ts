import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeInferResponse, encodeStreamError, encodeStreamResponse } from '../../src/grpc/encode-infer-response.ts';
import type { InferenceResponse } from '../../src/protocol/inference.ts';
import { referenceCodec } from './reference-codec.ts';
import { anyTensor, rawContents, typedContents } from './tensors.ts';

const head = { modelName: 'm', modelVersion: '1' };
const parameters = fc.dictionary(
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => key !== '__proto__'),
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.maxSafeInteger(), fc.double({ noNaN: true })),
  { maxKeys: 3 },
);
const responses = fc.record({
  modelName: fc.string({ unit: 'grapheme', maxLength: 100 }),
  modelVersion: fc.constant('12'),
  id: fc.string({ unit: 'grapheme' }),
  outputs: fc.array(fc.tuple(anyTensor, parameters).map(([tensor, each]) => ({ ...tensor, parameters: each }))),
});

describe('an infer response', () => {
  test('with raw contents is what protobufjs reads', () => {
    fc.assert(
      fc.property(responses, (response) => {
        const read = referenceCodec.decodeResponse(encodeInferResponse(response, false));
        expect(read).toMatchObject({ model_name: response.modelName, model_version: '12', id: response.id });
        expect(read.outputs).toEqual(
          response.outputs.map(({ name, datatype, shape, parameters }) => ({
            name,
            datatype,
            shape: shape.map(String),
            parameters: choicesOf(parameters),
            contents: null,
          })),
        );
        expect(read.raw_output_contents).toEqual(response.outputs.map(rawContents));
      }),
    );
  });

  test('with typed contents is what protobufjs reads', () => {
    fc.assert(
      fc.property(anyTensor, (tensor) => {
        if (tensor.datatype === 'FP16' || tensor.datatype === 'BF16') return;
        const read = referenceCodec.decodeResponse(encodeInferResponse({ ...head, outputs: [tensor] }, true));
        expect(read.raw_output_contents).toEqual([]);
        expect(read.outputs[0]?.contents).toMatchObject(typedContents(tensor));
      }),
    );
  });

  test('grows past what was expected of it', () => {
    const outputs = [{ name: 'n'.repeat(5000), datatype: 'UINT8', shape: [1], data: Uint8Array.of(7) }] as const;
    const read = referenceCodec.decodeResponse(encodeInferResponse({ ...head, outputs }, false));
    expect(read).toMatchObject({ outputs: [{ name: 'n'.repeat(5000) }], raw_output_contents: [Buffer.of(7)] });
  });

  test('in a stream says that it is the only one, and a failure which request it was', () => {
    const response: InferenceResponse = { ...head, id: 'a', outputs: [] };
    expect(referenceCodec.decodeStreamResponse(encodeStreamResponse(response, false))).toMatchObject({
      error_message: '',
      infer_response: { id: 'a', parameters: { triton_final_response: { bool_param: true } } },
    });
    expect(referenceCodec.decodeStreamResponse(encodeStreamError('no', 'b'))).toMatchObject({
      error_message: 'no',
      infer_response: { id: 'b', outputs: [] },
    });
  });
});

function choicesOf(parameters: Readonly<Record<string, string | number | boolean>>): object {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => {
      if (typeof value === 'string') return [key, { string_param: value }];
      if (typeof value === 'boolean') return [key, { bool_param: value }];
      return [key, Number.isSafeInteger(value) ? { int64_param: String(value) } : { double_param: value }];
    }),
  );
}
