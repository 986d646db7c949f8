import { knownNumbers } from './known-numbers.ts';
import type { GraphNode } from './main-graph.ts';
import { nodeAxes } from './node-axes.ts';
import type { RowInputs } from './row-rule.ts';
import type { RowValue } from './row-value.ts';

type Shape = readonly (number | undefined)[];
type ShapeRule = (node: GraphNode, shapes: readonly (Shape | undefined)[], inputs: RowInputs) => Shape | undefined;

const ofFirst: ShapeRule = (_node, [first]) => first;

/** The shape that shapes are spread to, one over the other. */
function spread(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  if (!shapes.every((shape) => shape !== undefined)) return undefined;
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_item, axis) => {
    const sizes = shapes.map((shape) => (axis < rank - shape.length ? 1 : shape[axis - rank + shape.length]));
    // A size that is not known may be 1, and a known one above 1 is what it is spread to.
    return (
      sizes.find((size) => size !== undefined && size !== 1) ?? (sizes.every((size) => size === 1) ? 1 : undefined)
    );
  });
}

const transpose: ShapeRule = (node, [shape]) => {
  const order = node.integers.get('perm');
  return order ? shape && order.map((axis) => shape[axis]) : shape?.toReversed();
};

const unsqueeze: ShapeRule = (node, [shape], [, axes]) => {
  const count = (axes ? knownNumbers(axes) : node.integers.get('axes'))?.length;
  if (!shape || count === undefined) return undefined;
  const rank = shape.length + count;
  const added = nodeAxes(node, axes, rank) ?? [];
  const sizes = [...shape];
  return Array.from({ length: rank }, (_item, axis) => (added.includes(axis) ? 1 : sizes.shift()));
};

const squeeze: ShapeRule = (node, [shape], [, axes]) => {
  const gone = shape && nodeAxes(node, axes, shape.length);
  return gone && shape.filter((_size, axis) => !gone.includes(axis));
};

const gather: ShapeRule = (node, [shape, indices]) => {
  if (!shape || !indices) return undefined;
  const axis = node.integers.get('axis')?.[0] ?? 0;
  const at = axis < 0 ? axis + shape.length : axis;
  return [...shape.slice(0, at), ...indices, ...shape.slice(at + 1)];
};

const reshape: ShapeRule = (_node, _shapes, [, to]) =>
  // A size of 0 or -1 depends on the sizes before.
  to?.kind === 'same' ? to.numbers?.map((size) => (size !== undefined && size > 0 ? size : undefined)) : undefined;

const expand: ShapeRule = (_node, [shape], [, to]) => spread([shape, to?.kind === 'same' ? to.numbers : undefined]);

const named = (rule: ShapeRule, operators: string) =>
  operators.split(' ').map((name): [string, ShapeRule] => [name, rule]);

const rules = new Map<string, ShapeRule>([
  ...named(
    ofFirst,
    'Abs Cast Ceil Clip Cos Exp Floor Identity Log Neg Not Reciprocal Relu Round Sigmoid Sin Sqrt Tanh',
  ),
  ...named(ofFirst, 'CumSum DequantizeLinear QuantizeLinear Softmax Trilu'),
  ...named((_node, shapes) => spread(shapes), 'Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Min Mod'),
  ...named((_node, shapes) => spread(shapes), 'Mul Or Pow Sub Sum Where Xor'),
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
  ['Squeeze', squeeze],
  ['Gather', gather],
  ['Reshape', reshape],
  ['Expand', expand],
  ['Range', () => [undefined]],
]);

/**
 * What ONNX's operators make of values that are all the same for all runs: that is too; the shape of the first where
 * its operator's is known.
 */
export function sameRule(node: GraphNode, inputs: RowInputs): readonly RowValue[] {
  const shapes = inputs.map((input) => (input?.kind === 'same' ? input.shape : undefined));
  const shape = rules.get(node.operator)?.(node, shapes, inputs);
  return node.outputs.map((_name, index) => ({ kind: 'same', shape: index === 0 ? shape : undefined }));
}
