import { expect, jest, test } from '@jest/globals';
import { minilmModel } from '../../bench/models/minilm-model.ts';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { collectBytes } from '../../src/graph/collect-bytes.ts';
import { gradientGraph } from '../../src/graph/gradient/gradient-graph.ts';
import { appendNetwork } from '../../src/graph/networks/append-network.ts';
import { newNetwork } from '../../src/graph/networks/new-network.ts';
import { withVectors } from '../../src/graph/networks/with-vectors.ts';
import type { OnnxTensor } from '../../src/graph/onnx-model.ts';
import { countElements } from '../../src/protocol/count-elements.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';
import { longs } from '../graph/gradient/given.ts';
import { OpenModel } from '../graph/gradient/open-model.ts';
import { valuesOf } from '../graph/gradient/tensors.ts';
import stored from './minilm-gradients.json' with { type: 'json' };

jest.setTimeout(300_000);

/** What PyTorch 2.15 says in float64: see make_minilm_gradients.py. */
interface Told {
  readonly shape: readonly number[];
  readonly largest: number;
  readonly length: number;
  readonly sine: number;
  readonly cosine: number;
  readonly places: string;
  readonly values: string;
}

const gradients: Readonly<Record<string, Told>> = stored.gradients;
const worst = 1e-5;
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64')).buffer;

/**
 * How far the gradients of a tensor are from what is told of them: the worst of some as a part of the largest, and all
 * of them together as a part of their length.
 */
function errorsOf(found: readonly number[], told: Told): { readonly each: number; readonly all: number } {
  expect(found.length).toBe(countElements(told.shape));
  const values = new Float32Array(bytesOf(told.values));
  const distances = [...new Int32Array(bytesOf(told.places))].map((place, at) =>
    Math.abs((found[place] as number) - (values[at] as number)),
  );
  const sum = (wave: (at: number) => number) => found.reduce((all, value, at) => all + value * wave(at), 0);
  const off = Math.max(Math.abs(sum(Math.sin) - told.sine), Math.abs(sum(Math.cos) - told.cosine));
  return { each: Math.max(...distances) / told.largest, all: off / told.length };
}

/** Weights of a head from -1 to 1, by their places alone. */
function headWeights({ shape }: OnnxTensor): Uint8Array<ArrayBuffer> {
  const values = Float32Array.from({ length: countElements(shape) }, (_item, at) => ((at * 7919) % 2001) / 1000 - 1);
  return new Uint8Array(values.buffer);
}

test.each([
  ['as they are trained by, row by row', true],
  ['over all rows at once', false],
])("gradients of a whole MiniLM are PyTorch's, %s", async (_how, goesByRows) => {
  const folder = minilmModel() as string;
  const { model, output, size } = withVectors(await openOnnxModel(`${folder}/model.onnx`), {
    mode: 'mean',
    normalize: true,
  });
  const head = newNetwork(
    { kind: 'logistic', hidden: [], input: { name: 'vector', shape: [size] }, output: { name: 'logits', size: 77 } },
    seededRandom(1),
  );
  const graph = gradientGraph(appendNetwork(model, output, head), { loss: { kind: 'cross-entropy' }, goesByRows });
  expect(graph.parameters.map(({ tensor }) => tensor.name).toSorted()).toEqual(Object.keys(gradients).toSorted());
  const { ids, mask, labels, loss } = stored;
  const shape = [ids.length, ids[0]?.length ?? 0];
  const feeds: Record<string, FixedTensor> = {
    input_ids: longs('ids', ids.flat(), shape) as FixedTensor,
    attention_mask: longs('mask', mask.flat(), shape) as FixedTensor,
    token_type_ids: longs('types', new Array(ids.flat().length).fill(0), shape) as FixedTensor,
    [graph.target]: longs('labels', labels) as FixedTensor,
  };
  for (const tensor of [...graph.parameters.map((each) => each.tensor), ...graph.frozen]) {
    const isHead = head.graph.initializers.has(tensor.name);
    const data = isHead ? headWeights(tensor) : await collectBytes(tensor.data);
    feeds[tensor.name] = { datatype: 'FP32', shape: tensor.shape, data };
  }
  const open = await OpenModel.open(graph.model);
  try {
    const results = await open.run(feeds);
    expect(Math.abs((valuesOf(results[graph.loss] as FixedTensor)[0] as number) / loss - 1)).toBeLessThan(worst);
    const far = graph.parameters.flatMap(({ tensor: { name }, gradient }) => {
      const { each, all } = errorsOf(valuesOf(results[gradient] as FixedTensor), gradients[name] as Told);
      return each < worst && all < worst ? [] : [{ name, each, all }];
    });
    expect(far).toEqual([]);
  } finally {
    await open.release();
  }
});
