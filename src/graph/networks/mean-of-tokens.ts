import { dataTypes } from '../data-types.ts';
import type { OnnxModel } from '../onnx-model.ts';
import type { VectorNodes } from './vector-nodes.ts';

/** The opset from which on ReduceMean takes axes as an input. Source: ONNX, Changelog.md. */
const axesAsInput = 18;

/**
 * Adds the mean of vectors of tokens, those not counted that `attention_mask` leaves out where the model takes one, and
 * gives its name.
 */
export function meanOfTokens({ graph, opsets }: OnnxModel, added: VectorNodes, tokens: string): string {
  const mask = graph.inputs.find(({ name }) => name === 'attention_mask');
  const without = { keepdims: { kind: 'int', value: 0 } } as const;
  if (!mask && (opsets.get('') ?? 1) < axesAsInput)
    return added.add('ReduceMean', [tokens], { axes: { kind: 'ints', value: [1] }, ...without });
  if (!mask) return added.add('ReduceMean', [tokens, added.axes(1)], without);
  const counted = added.add('Cast', [mask.name], { to: { kind: 'int', value: dataTypes.FLOAT } });
  const kept = added.add('Mul', [tokens, added.add('Unsqueeze', [counted, added.axes(2)])]);
  const sum = added.add('ReduceSum', [kept, added.axes(1)], without);
  const count = added.add('ReduceSum', [counted, added.axes(1)], { keepdims: { kind: 'int', value: 1 } });
  return added.add('Div', [sum, count]);
}
