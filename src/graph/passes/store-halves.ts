import { dataTypes } from '../data-types.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { castToFloat } from './cast-to-float.ts';
import { floatRows } from './float-rows.ts';

const leastBytes = 4096;
const floatsAtOnce = 256 * 1024;
/** What is rounded up to what no half can hold begins here. */
const beyond = 65520;

/**
 * FLOAT tensors of the main graph are stored as FLOAT16, and made FLOAT again by a Cast as the model is loaded: half of
 * the file, and the same speed. Those that are small, or that have a number which no FLOAT16 can hold, stay as they
 * are. Reads all weights once.
 */
export async function storeHalves(model: OnnxModel): Promise<OnnxModel> {
  const { graph } = model;
  const names = new Names(model);
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const initializers = new Map<string, OnnxTensor>();
  const casts: OnnxNode[] = [];
  for (const [name, tensor] of graph.initializers) {
    // What is an input as well is a default that a caller may replace.
    const isSmall = tensor.dataType !== dataTypes.FLOAT || tensor.data.length < leastBytes;
    if (isSmall || inputs.has(name) || outputs.has(name) || !(await fits(tensor))) {
      initializers.set(name, tensor);
      continue;
    }
    const half = makeTensor(names.fresh(`${name}_half`), dataTypes.FLOAT16, tensor.shape, {
      length: tensor.data.length / 2,
      pieces: () => halves(tensor),
    });
    initializers.set(half.name, half);
    casts.push(castToFloat(half.name, name));
  }
  if (casts.length === 0) return model;
  const values = graph.values.filter(({ name }) => !graph.initializers.has(name) || initializers.has(name));
  return { ...model, graph: { ...graph, initializers, values, nodes: [...casts, ...graph.nodes] } };
}

async function fits(tensor: OnnxTensor): Promise<boolean> {
  for await (const { values } of floatsOf(tensor))
    for (const value of values) if (!(Math.abs(value) < beyond)) return false;
  return true;
}

async function* halves(tensor: OnnxTensor): AsyncGenerator<Uint8Array> {
  for await (const { values } of floatsOf(tensor)) yield new Uint8Array(Float16Array.from(values).buffer);
}

function floatsOf(tensor: OnnxTensor) {
  return floatRows({ ...tensor, shape: [tensor.data.length / 4, 1] }, floatsAtOnce);
}
