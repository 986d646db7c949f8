import { expect, test } from '@jest/globals';
import { appendNetwork } from '../../../src/graph/networks/append-network.ts';
import { newNetwork } from '../../../src/graph/networks/new-network.ts';
import { withVectors } from '../../../src/graph/networks/with-vectors.ts';
import type { OnnxModel } from '../../../src/graph/onnx-model.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { OpenModel } from '../gradient/open-model.ts';
import { tensorOf, valuesOf } from '../gradient/tensors.ts';

/** A model that gives what it takes, of a known last size. */
const identity = (shape: readonly (string | number)[], isMasked = false) =>
  readModel(
    bytesAccess(
      buildOnnx({
        inputs: [
          { name: 'x', datatype: 'FP32', shape: [...shape] },
          ...(isMasked ? [{ name: 'attention_mask', datatype: 'INT64' as const, shape: ['N', 'T'] }] : []),
        ],
        outputs: [{ name: 'y', datatype: 'FP32', shape: [...shape] }],
        nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
      }),
    ),
  );

async function run(model: OnnxModel, feeds: Record<string, FixedTensor>, output: string): Promise<readonly number[]> {
  const open = await OpenModel.open(model);
  const results = await open.run(feeds);
  await open.release();
  return valuesOf(results[output] as FixedTensor).map((value) => Number(value.toFixed(5)));
}

const tokens = tensorOf('FP32', [1, 3, 2], [3, 0, 1, 8, 100, 100]);
const mask = { datatype: 'INT64' as const, shape: [1, 3], data: new Uint8Array(BigInt64Array.of(1n, 1n, 0n).buffer) };

test('vectors of tokens become one: their mean without those that are masked, or the first, of the length of 1 or as they are', async () => {
  const masked = await identity(['N', 'T', 2], true);
  const feeds = { x: tokens, attention_mask: mask };
  const mean = withVectors(masked, { mode: 'mean', normalize: false });
  expect(mean.size).toBe(2);
  expect(await run(mean.model, feeds, mean.output)).toEqual([2, 4]);
  const unit = withVectors(masked, { mode: 'mean', normalize: true });
  expect(await run(unit.model, feeds, unit.output)).toEqual([0.44721, 0.89443]);
  const plain = await identity(['N', 'T', 2]);
  const first = withVectors(plain, { mode: 'first', normalize: true });
  expect(await run(first.model, { x: tokens }, first.output)).toEqual([1, 0]);
  const all = withVectors(plain, { mode: 'mean', normalize: false });
  expect(await run(all.model, { x: tokens }, all.output)).toEqual([34.66667, 36]);
});

test('places of a picture become their mean; what has no size for a head is refused', async () => {
  const { model, output, size } = withVectors(await identity(['N', 2, 'H', 'W']), { mode: 'mean', normalize: false });
  expect(size).toBe(2);
  expect(await run(model, { x: tensorOf('FP32', [1, 2, 1, 2], [1, 3, 5, 9]) }, output)).toEqual([2, 7]);
  const free = await identity(['N', 'C']);
  expect(() => withVectors(free, { mode: 'mean', normalize: false })).toThrow("the model has 'y' [N,C]");
});

test('a network that is put on a model takes its value, and keeps its own output’s name', async () => {
  const shape = { kind: 'mlp', hidden: [3], output: { name: 'logits', size: 2 } } as const;
  const normal = { mean: [1, 2], scale: [2, 0.5] };
  const network = newNetwork({ ...shape, input: { name: 'x', shape: [2], normal } }, () => 0.75);
  const once = appendNetwork(await identity(['N', 2]), 'y', network);
  // Its names are taken by then.
  const twice = appendNetwork(once, 'logits', network);
  expect(once.graph.outputs.map(({ name }) => name)).toEqual(['logits']);
  const names = twice.graph.nodes.map(({ name }) => name).filter((name) => name !== '');
  expect(new Set(names).size).toBe(names.length);
  const x = tensorOf('FP32', [1, 2], [2, 6]);
  expect(await run(once, { x }, 'logits')).toEqual(await run(network, { x }, 'logits'));
  expect(twice.graph.initializers.size).toBe(2 * network.graph.initializers.size);
  const [last] = twice.graph.outputs;
  expect((await run(twice, { x }, last?.name ?? '')).length).toBe(2);
});

test.each([
  [{ kind: 'mlp', hidden: [65_536, 65_536] }, '4,295,491,586'],
  [{ kind: 'cnn', hidden: [1000, 60_000] }, '540,190,002'],
] as const)('of %j there would be too many parameters, which is told before any is drawn', (sizes, count) => {
  const random = () => {
    throw new Error('drawn');
  };
  const network = {
    ...sizes,
    input: { name: 'x', shape: [4], picture: [1, 2, 2] as const },
    output: { name: 'logits' as const, size: 2 },
  };
  expect(() => newNetwork(network, random)).toThrow(`the network would have ${count} parameters: expected 100,000,000`);
});
