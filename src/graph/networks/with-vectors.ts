import { dataTypes } from '../data-types.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { meanOfTokens } from './mean-of-tokens.ts';
import { VectorNodes } from './vector-nodes.ts';

/** The opset from which on what pools takes axes as an input, but for ReduceMean. Source: ONNX, Changelog.md. */
const axesAsInput = 13;

/** How an output becomes one vector a row. */
export interface Pooling {
  /** Of vectors along a middle axis, such as those of tokens. */
  readonly mode: 'mean' | 'first';
  /** Whether vectors are scaled to the length of 1. */
  readonly normalize: boolean;
}

/** A model whose one output is a vector for each row. */
export interface VectorModel {
  readonly model: OnnxModel;
  readonly output: string;
  /** Numbers of a vector. */
  readonly size: number;
}

/**
 * The model with its output of floats as one vector a row: that itself where it has two axes; pooled over tokens where
 * it has three, those that `attention_mask` leaves out not counted; the mean over places of a picture where it has
 * four.
 *
 * Throws an Error where it has no such output, or does not say its last size.
 */
export function withVectors(model: OnnxModel, { mode, normalize }: Pooling): VectorModel {
  const { graph } = model;
  const { name, shape, size } = vectorsOf(model);
  const added = new VectorNodes(model);
  let output = name;
  if (shape.length === 4) output = added.add('Flatten', [added.add('GlobalAveragePool', [output])]);
  if (shape.length === 3) output = mode === 'first' ? firstOf(added, output) : meanOfTokens(model, added, output);
  if (normalize)
    output = added.add('LpNormalization', [output], { axis: { kind: 'int', value: -1 }, p: { kind: 'int', value: 2 } });
  const outputs = [{ name: output, type: { dataType: dataTypes.FLOAT, shape: [shape[0], size] } }];
  const nodes = [...graph.nodes, ...added.nodes];
  const initializers = new Map([...graph.initializers, ...added.weights]);
  return { model: { ...model, graph: { ...graph, nodes, initializers, outputs } }, output, size };
}

function firstOf(added: VectorNodes, tokens: string): string {
  const first = added.add('Slice', [tokens, added.axes(0), added.axes(1), added.axes(1)]);
  return added.add('Squeeze', [first, added.axes(1)]);
}

/** The output that has the vectors. Throws an Error where none can. */
function vectorsOf({ graph, opsets }: OnnxModel) {
  const wanted =
    graph.outputs.find(({ name }) => name === 'sentence_embedding') ??
    graph.outputs.find(({ type }) => type?.dataType === dataTypes.FLOAT);
  const shape = wanted?.type?.shape;
  const size = shape?.length === 4 ? shape[1] : shape?.at(-1);
  if (!wanted || !shape || shape.length < 2 || shape.length > 4 || typeof size !== 'number')
    throw new Error(
      `a head is put on an output of FP32, [rows, numbers], [rows, tokens, numbers] or [rows, channels, height, width], whose numbers are so many; the model has ${graph.outputs.map(({ name, type }) => `'${name}' [${type?.shape ?? '?'}]`).join(', ')}`,
    );
  const opset = opsets.get('') ?? 1;
  if (shape.length === 3 && opset < axesAsInput)
    throw new Error(
      `a head is put on models of opset ${axesAsInput} and later where vectors are pooled, got ${opset}: export the model anew`,
    );
  return { name: wanted.name, shape, size };
}
