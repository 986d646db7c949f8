import type { OnnxNode } from '../onnx-model.ts';
import type { GradientRule, GradientRules } from './gradient-rule.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { slopeRule } from './slope-rule.ts';
import { tiny } from './tiny.ts';
import { unbroadcast } from './unbroadcast.ts';

const add: GradientRule = {
  backward: ({ graph, inputs, gradient, needs }) =>
    inputs.map((input, at) => (needs(at) ? unbroadcast(graph, gradient, input) : undefined)),
};

const subtract: GradientRule = {
  backward: ({ graph, inputs: [a = '', b = ''], gradient, needs }) => [
    needs(0) ? unbroadcast(graph, gradient, a) : undefined,
    needs(1) ? graph.op('Neg', [unbroadcast(graph, gradient, b)]) : undefined,
  ],
};

const multiply: GradientRule = {
  backward: ({ graph, inputs: [a = '', b = ''], gradient, needs }) => [
    needs(0) ? unbroadcast(graph, graph.op('Mul', [gradient, b]), a) : undefined,
    needs(1) ? unbroadcast(graph, graph.op('Mul', [gradient, a]), b) : undefined,
  ],
};

const divide: GradientRule = {
  backward: ({ graph, node, inputs: [a = '', b = ''], gradient, needs }) => {
    const byA = graph.op('Div', [gradient, b]);
    const [y = ''] = node.outputs;
    return [
      needs(0) ? unbroadcast(graph, byA, a) : undefined,
      needs(1) ? graph.op('Neg', [unbroadcast(graph, graph.op('Mul', [byA, y]), b)]) : undefined,
    ];
  },
};

/**
 * At 0, where the slope has no bound for exponents below 1, and for exponents of a base that is not positive, it counts
 * as 0.
 */
const power: GradientRule = {
  backward: ({ graph, node, inputs: [base = '', given = ''], gradient, needs }) => {
    const exponent = graph.inTypeOf(given, base);
    const byExponent = () => graph.op('Mul', [gradient, exponentSlope(graph, node, base)]);
    return [
      needs(0) ? unbroadcast(graph, graph.op('Mul', [gradient, powerSlope(graph, base, exponent)]), base) : undefined,
      needs(1) ? graph.inTypeOf(unbroadcast(graph, byExponent(), given), given) : undefined,
    ];
  },
};

/** exponent · base^(exponent − 1). */
function powerSlope(graph: GraphBuilder, base: string, exponent: string): string {
  const one = graph.number(1, base);
  const isZero = graph.op('Equal', [base, graph.number(0, base)]);
  const isPole = graph.inTypeOf(graph.op('And', [isZero, graph.op('Less', [exponent, one])]), base);
  const safe = graph.op('Add', [base, isPole]);
  const slope = graph.op('Mul', [exponent, graph.op('Pow', [safe, graph.op('Sub', [exponent, one])])]);
  return graph.op('Mul', [slope, graph.op('Sub', [one, isPole])]);
}

/** log(base) · base^exponent. */
function exponentSlope(graph: GraphBuilder, { outputs: [y = ''] }: OnnxNode, base: string): string {
  const isPositive = graph.inTypeOf(graph.op('Greater', [base, graph.number(0, base)]), base);
  const logarithm = graph.op('Log', [graph.op('Max', [base, tiny(graph, base)])]);
  return graph.op('Mul', [graph.op('Mul', [y, logarithm]), isPositive]);
}

/** To the largest, or the least; where several are, to each its part. */
const extreme: GradientRule = {
  backward: ({ graph, node, inputs, gradient, needs }) => {
    const [y = ''] = node.outputs;
    const holds = inputs.map((input) => graph.inTypeOf(graph.op('Equal', [input, y]), y));
    const share = graph.op('Div', [gradient, graph.op('Sum', holds)]);
    return inputs.map((input, at) =>
      needs(at) ? unbroadcast(graph, graph.op('Mul', [share, holds[at] as string]), input) : undefined,
    );
  },
};

const expand: GradientRule = {
  inputs: [0],
  backward: ({ graph, inputs: [x = ''], gradient }) => [unbroadcast(graph, gradient, x)],
};

const where: GradientRule = {
  inputs: [1, 2],
  backward: ({ graph, inputs: [condition = '', a = '', b = ''], gradient, needs }) => {
    // By a product: a branch that is a scalar is slow.
    const part = (holds: string, value: string) =>
      unbroadcast(graph, graph.op('Mul', [gradient, graph.inTypeOf(holds, gradient)]), value);
    return [
      undefined,
      needs(1) ? part(condition, a) : undefined,
      needs(2) ? part(graph.op('Not', [condition]), b) : undefined,
    ];
  },
};

const squareRoot: GradientRule = {
  backward: ({ graph, node, gradient }) => {
    // At 0, where the slope has no bound, it counts as 0.
    const [y = ''] = node.outputs;
    const isPositive = graph.inTypeOf(graph.op('Greater', [y, graph.number(0, y)]), y);
    const half = graph.op('Mul', [graph.op('Mul', [gradient, graph.number(0.5, y)]), isPositive]);
    return [graph.op('Div', [half, graph.op('Max', [y, tiny(graph, y)])])];
  },
};

/** What says the type to cast to is not differentiated by. */
const cast: GradientRule = {
  inputs: [0],
  backward: ({ graph, inputs: [x = ''], gradient }) => [graph.inTypeOf(gradient, x)],
};

const passed: GradientRule = { inputs: [0], backward: ({ gradient }) => [gradient] };

/** As it is served: nothing is dropped. What is dropped in training mode, only the run that draws it knows. */
const dropout: GradientRule = {
  ...passed,
  refuses: ({ inputs: [, , isTraining = ''] }, graph) =>
    isTraining === '' || graph.initializers.get(isTraining)?.data.held?.[0] === 0
      ? undefined
      : 'in training mode, which a model exported for inference does not have',
};

/** Operators of arithmetic, element by element. */
export const elementwiseRules: GradientRules = {
  Add: add,
  Sum: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  Pow: power,
  Max: extreme,
  Min: extreme,
  Expand: expand,
  Where: where,
  Neg: { backward: ({ graph, gradient }) => [graph.op('Neg', [gradient])] },
  Exp: slopeRule((_graph, _x, y) => y),
  Log: { backward: ({ graph, inputs: [x = ''], gradient }) => [graph.op('Div', [gradient, x])] },
  Sqrt: squareRoot,
  Abs: slopeRule((graph, x) => graph.op('Sign', [x])),
  Reciprocal: slopeRule((graph, _x, y) => graph.op('Neg', [graph.op('Mul', [y, y])])),
  Identity: passed,
  Dropout: dropout,
  Cast: cast,
  CastLike: cast,
};
