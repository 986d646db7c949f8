import type { OnnxGraph, OnnxNode } from '../onnx-model.ts';
import { isFloat } from './is-float.ts';
import type { Loss } from './losses/loss.ts';
import { NoGradientError } from './no-gradient-error.ts';

const onTop: Readonly<Partial<Record<Loss['kind'], readonly string[]>>> = {
  'cross-entropy': ['Softmax', 'LogSoftmax'],
  distillation: ['Softmax', 'LogSoftmax'],
  'binary-cross-entropy': ['Sigmoid'],
};

/**
 * The value that a loss compares with the target: `asked`, or else the one output of floats; but losses of logits take
 * what is before a Softmax or Sigmoid at the end, since of its rounded probabilities no gradient is left.
 */
export function chosenOutput({ nodes, outputs }: OnnxGraph, kind: Loss['kind'], asked: string | undefined): string {
  const makers = new Map<string, OnnxNode>(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const floats = outputs.filter(({ type }) => type && isFloat(type.dataType));
  const candidates = floats.length > 0 ? floats : outputs;
  if (asked !== undefined && !makers.has(asked))
    throw new NoGradientError(
      `expected a value of the model to train by, got '${asked}': its outputs are ${said(outputs)}`,
    );
  if (asked === undefined && candidates.length !== 1)
    throw new NoGradientError(`expected to be told which output to train by: there are ${said(candidates)}`);
  const name = asked ?? (candidates[0]?.name as string);
  let node = makers.get(name);
  while (node && ['Identity', 'Cast'].includes(node.opType)) node = makers.get(node.inputs[0] ?? '');
  return node && onTop[kind]?.includes(node.opType) ? (node.inputs[0] as string) : name;
}

function said(values: readonly { readonly name: string }[]): string {
  return values.map(({ name }) => `'${name}'`).join(', ');
}
