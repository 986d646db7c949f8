import { describe, expect, test } from '@jest/globals';
import { batchingOf } from '../../../src/core/batching/batching-of.ts';
import type { BatchingConfig } from '../../../src/ports/model-store.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';

const spec = (name: string, shape: readonly number[], more: Partial<TensorSpec> = {}): TensorSpec => ({
  name,
  datatype: 'FP32',
  shape,
  ...more,
});
const model = {
  inputs: [spec('ids', [-1, -1], { datatype: 'INT64' }), spec('text', [-1, -1], { datatype: 'BYTES' })],
  outputs: [spec('y', [-1, 8])],
  operators: ['Gather'],
  mixesRows: '',
};
const decide = (settings: Partial<BatchingConfig>, more: Partial<typeof model> = {}) =>
  batchingOf({ ...defaultConfig.batching, ...settings }, { ...model, ...more });

describe('requests share runs', () => {
  test('where the graph proves that rows are answered each for itself', () => {
    expect(decide({})).toEqual({ isOn: true, whyNot: '' });
  });

  test('where the settings say that they are, though the graph does not prove it', () => {
    expect(decide({ rowsApart: true }, { mixesRows: 'it is not known' })).toEqual({ isOn: true, whyNot: '' });
  });

  test('where nothing is said of an output’s shape', () => {
    expect(decide({}, { outputs: [spec('y', [-1], { anyRank: true })] })).toMatchObject({ isOn: true });
  });
});

describe('requests do not share runs', () => {
  test.each<[string, Partial<BatchingConfig>, Partial<typeof model>, RegExp]>([
    ['where it is switched off', { mode: 'off' }, {}, /^batching.mode is off in model.json$/],
    [
      'where the graph does not prove it',
      {},
      { mixesRows: 'Loop is not known' },
      /^Loop is not known \(batching\.rowsApart /,
    ],
    [
      'where the first dimension is fixed',
      {},
      { outputs: [spec('y', [1, 8])] },
      /^dimension 0 of output 'y' is fixed at 1$/,
    ],
    [
      'where it is known to mix',
      { rowsApart: true },
      { operators: ['DynamicQuantizeLinear'] },
      /^DynamicQuantizeLinear /,
    ],
  ])('%s', (_case, settings, more, whyNot) => {
    expect(decide(settings, more)).toEqual({ isOn: false, whyNot: expect.stringMatching(whyNot) });
  });
});

describe('a model does not load', () => {
  test.each<[string, Partial<BatchingConfig>, Partial<typeof model>, string]>([
    [
      'where it asks for batching that cannot be',
      { mode: 'on' },
      { outputs: [spec('y', [1, 8])] },
      "model.json asks for batching, which cannot be: dimension 0 of output 'y' is fixed at 1; without batching in it the model serves",
    ],
    [
      'where an input is padded that is not there',
      { padding: { inputs: { idz: { axis: 1, value: 0 } }, outputs: {} } },
      {},
      "model.json: batching.padding names the input 'idz', which the model has not; it has 'ids', 'text'",
    ],
    [
      'where an axis is not free',
      { padding: { inputs: { ids: { axis: 2, value: 0 } }, outputs: {} } },
      {},
      "model.json: axis 2 of input 'ids' is not free: its shape is [-1,-1]",
    ],
    [
      'where texts are padded',
      { padding: { inputs: { text: { axis: 1, value: 0 } }, outputs: {} } },
      {},
      "model.json: input 'text' is of BYTES, which cannot be padded with 0",
    ],
    [
      'where integers are padded with a fraction',
      { padding: { inputs: { ids: { axis: 1, value: 0.5 } }, outputs: {} } },
      {},
      "model.json: input 'ids' is of INT64, which cannot be padded with 0.5",
    ],
    [
      'where an output is cut to the size of an input that is not padded',
      { padding: { inputs: { ids: { axis: 1, value: 0 } }, outputs: { y: { axis: 1, input: 'text' } } } },
      { outputs: [spec('y', [-1, -1])] },
      "model.json: output 'y' is cut to the size of 'text', which batching.padding.inputs lacks",
    ],
  ])('%s', (_case, settings, more, message) => {
    expect(() => decide(settings, more)).toThrow(message);
  });
});
