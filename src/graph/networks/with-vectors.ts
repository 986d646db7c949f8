import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';

/** The opsets from which on operators take axes as an input. Source: ONNX, Changelog.md. */
const axesAsInput = { others: 13, mean: 18 };

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
  const names = new Names(model);
  const nodes: OnnxNode[] = [];
  const weights = new Map<string, OnnxTensor>();
  const add = (opType: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}) => {
    const output = names.fresh(`vectors_${opType}`);
    nodes.push(makeNode(opType, inputs, [output], { name: output, attributes }));
    return output;
  };
  const axes = (...values: number[]) => {
    const name = names.fresh('vectors_axes');
    const { buffer } = BigInt64Array.from(values, BigInt);
    weights.set(name, makeTensor(name, dataTypes.INT64, [values.length], new Uint8Array(buffer)));
    return name;
  };
  const wanted =
    graph.outputs.find(({ name }) => name === 'sentence_embedding') ??
    graph.outputs.find(({ type }) => type?.dataType === dataTypes.FLOAT);
  const shape = wanted?.type?.shape;
  const size = shape?.length === 4 ? shape[1] : shape?.at(-1);
  if (!wanted || !shape || shape.length < 2 || shape.length > 4 || typeof size !== 'number')
    throw new Error(
      `a head is put on an output of FP32, [rows, numbers], [rows, tokens, numbers] or [rows, channels, height, width], whose numbers are so many; the model has ${graph.outputs.map(({ name, type }) => `'${name}' [${type?.shape ?? '?'}]`).join(', ')}`,
    );
  const opset = model.opsets.get('') ?? 1;
  if (shape.length === 3 && opset < axesAsInput.others)
    throw new Error(
      `a head is put on models of opset ${axesAsInput.others} and later where vectors are pooled, got ${opset}: export the model anew`,
    );
  let value = wanted.name;
  if (shape.length === 4) value = add('Flatten', [add('GlobalAveragePool', [value])]);
  if (shape.length === 3 && mode === 'first')
    value = add('Squeeze', [add('Slice', [value, axes(0), axes(1), axes(1)]), axes(1)]);
  if (shape.length === 3 && mode === 'mean') value = mean(value);
  if (normalize)
    value = add('LpNormalization', [value], { axis: { kind: 'int', value: -1 }, p: { kind: 'int', value: 2 } });
  const outputs = [{ name: value, type: { dataType: dataTypes.FLOAT, shape: [shape[0], size] } }];
  return {
    model: {
      ...model,
      graph: {
        ...graph,
        nodes: [...graph.nodes, ...nodes],
        initializers: new Map([...graph.initializers, ...weights]),
        outputs,
      },
    },
    output: value,
    size,
  };

  function mean(tokens: string): string {
    const mask = graph.inputs.find(({ name }) => name === 'attention_mask');
    if (!mask && opset < axesAsInput.mean)
      return add('ReduceMean', [tokens], { axes: { kind: 'ints', value: [1] }, keepdims: { kind: 'int', value: 0 } });
    if (!mask) return add('ReduceMean', [tokens, axes(1)], { keepdims: { kind: 'int', value: 0 } });
    const counted = add('Cast', [mask.name], { to: { kind: 'int', value: dataTypes.FLOAT } });
    const kept = add('Mul', [tokens, add('Unsqueeze', [counted, axes(2)])]);
    const without = { keepdims: { kind: 'int', value: 0 } } as const;
    const sum = add('ReduceSum', [kept, axes(1)], without);
    const count = add('ReduceSum', [counted, axes(1)], { keepdims: { kind: 'int', value: 1 } });
    return add('Div', [sum, count]);
  }
}
