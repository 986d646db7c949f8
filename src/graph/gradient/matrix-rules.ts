import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { BackwardStep, GradientRule, GradientRules } from './gradient-rule.ts';
import type { GraphBuilder, SizePart } from './graph-builder.ts';
import { unbroadcast } from './unbroadcast.ts';

const isMatrix = (graph: GraphBuilder, value: string) => graph.rank(value) === 2;

/** By a weight, one Gemm over all rows: MatMul of a transposed value is several times slower. */
function byWeight({ graph, inputs: [a = '', b = ''], gradient, needs }: BackwardStep) {
  const isFlat = isMatrix(graph, a);
  const flat = (value: string, weightAxis: number) =>
    isFlat ? value : graph.op('Reshape', [value, graph.sizes([-1, { of: b, axis: weightAxis }])]);
  const rows = flat(gradient, 1);
  const byA = () => {
    const product = graph.op('Gemm', [rows, b], { transB: 1 });
    return isFlat ? product : graph.op('Reshape', [product, graph.shape(a)]);
  };
  const byB = () => {
    if ((graph.rank(a) ?? 0) < 3) return graph.op('Gemm', [flat(a, 0), rows], { transA: 1 });
    const [height, width] = [graph.size(b, 0), graph.size(b, 1)];
    if (!(typeof height === 'number' && typeof width === 'number' && height > width))
      return graph.op('Gemm', [columnsOf(graph, a, { of: b, axis: 0 }), rows]);
    // The narrower of the two is turned, and what comes out, which is smaller than a batch as a rule.
    const product = graph.op('Gemm', [columnsOf(graph, gradient, { of: b, axis: 1 }), flat(a, 0)]);
    return graph.op('Transpose', [graph.op('Reshape', [product, graph.wholes([width, height])])], { perm: [1, 0] });
  };
  return [needs(0) ? byA() : undefined, needs(1) ? byB() : undefined];
}

/**
 * The columns of a value of three dimensions or more as rows, made once for all weights that it is multiplied by: a
 * Gemm by `transA` turns its parts anew for each 128 columns of the other factor, and takes half as long again. A
 * Reshape between a Transpose and a Gemm, here and of a product, keeps the runtime from making a `transA` of both.
 */
function columnsOf(graph: GraphBuilder, value: string, columns: SizePart): string {
  const rank = graph.rank(value) as number;
  const perm = [rank - 1, ...Array.from({ length: rank - 1 }, (_item, axis) => axis)];
  const sizes = graph.sizes([columns, -1]);
  return graph.once(`columns ${value}`, () => graph.op('Reshape', [graph.op('Transpose', [value], { perm }), sizes]));
}

function transposed(graph: GraphBuilder, value: string): string {
  const rank = graph.rank(value) ?? 2;
  const perm = Array.from({ length: rank }, (_item, axis) => axis);
  return graph.op('Transpose', [value], { perm: [...perm.slice(0, -2), rank - 1, rank - 2] });
}

const matMul: GradientRule = {
  refuses: ({ inputs }, graph) => {
    const ranks = inputs.map((input) => graph.rank(input));
    if (ranks[1] === 2) return undefined;
    if (ranks.includes(undefined)) return 'of values whose number of dimensions is not known';
    return ranks.some((rank) => (rank as number) < 2) ? 'of a vector' : undefined;
  },
  backward: (step) => {
    const { graph, inputs, gradient, needs } = step;
    const [a = '', b = ''] = inputs;
    if (isMatrix(graph, b)) return byWeight(step);
    return [
      needs(0) ? unbroadcast(graph, graph.op('MatMul', [gradient, transposed(graph, b)]), a) : undefined,
      needs(1) ? unbroadcast(graph, graph.op('MatMul', [transposed(graph, a), gradient]), b) : undefined,
    ];
  },
};

const gemm: GradientRule = {
  backward: ({ graph, node, inputs: [a = '', b = '', c = ''], gradient, needs }) => {
    const [transA, transB] = [flag(node, 'transA'), flag(node, 'transB')];
    const alpha = { kind: 'float', value: attributeOf.float(node, 'alpha') ?? 1 } as const;
    const product = (left: string, right: string, turnsLeft: number, turnsRight: number) =>
      graph.op('Gemm', [left, right], { alpha, transA: turnsLeft, transB: turnsRight });
    const byA = () => (transA ? product(b, gradient, transB, 1) : product(gradient, b, 0, 1 - transB));
    const byB = () => (transB ? product(gradient, a, 1, transA) : product(a, gradient, 1 - transA, 0));
    return [
      needs(0) ? byA() : undefined,
      needs(1) ? byB() : undefined,
      c && needs(2) ? unbroadcast(graph, scaled(graph, gradient, attributeOf.float(node, 'beta') ?? 1), c) : undefined,
    ];
  },
};

const flag = (node: OnnxNode, name: string) => (attributeOf.whole(node, name) ? 1 : 0);

function scaled(graph: GraphBuilder, value: string, factor: number): string {
  return factor === 1 ? value : graph.op('Mul', [value, graph.number(factor, value)]);
}

/** Products of matrices. */
export const matrixRules: GradientRules = { MatMul: matMul, Gemm: gemm };
