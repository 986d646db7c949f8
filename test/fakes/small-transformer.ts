import { GraphBuilder } from './graph-builder.ts';
import type { OnnxGraph } from './onnx-builder.ts';

const [words, width, heads, hidden] = [20, 16, 4, 32];

/** What of a small encoder differs. */
export interface SmallTransformer {
  readonly layers: number;
  /** Layers that are given, by their number; the others are left out. @default all */
  readonly kept?: readonly number[];
  /** Ends in a softmax over so many classes of the first word. @default its vectors are the output */
  readonly classes?: number;
}

/**
 * An encoder of transformer blocks as BERT has them, with random weights: `ids` [N, L] → `vectors` [N, L, 16], or
 * `shares` [N, classes].
 */
export function smallTransformer({ layers, kept, classes }: SmallTransformer): OnnxGraph {
  const graph = new GraphBuilder();
  const normalized = (value: string) => {
    const ones = graph.floats(new Float32Array(width).fill(1), [width]);
    return graph.node('LayerNormalization', [value, ones, graph.floats(graph.randoms(width, 0.1), [width])]);
  };
  const product = (value: string, rows: number, columns: number) => {
    const multiplied = graph.node('MatMul', [value, graph.weight(rows, columns)]);
    return graph.node('Add', [multiplied, graph.floats(graph.randoms(columns, 0.1), [columns])]);
  };
  const apart = (value: string, perm: readonly number[]) => {
    const split = graph.node('Reshape', [product(value, width, width), graph.wholes([0, 0, heads, width / heads])]);
    return graph.node('Transpose', [split], { perm });
  };
  const attention = (value: string) => {
    const [queries, keys, values] = [
      apart(value, [0, 2, 1, 3]),
      apart(value, [0, 2, 3, 1]),
      apart(value, [0, 2, 1, 3]),
    ];
    const scores = graph.node('Mul', [graph.node('MatMul', [queries, keys]), graph.number(0.5)]);
    const mixed = graph.node('MatMul', [graph.node('Softmax', [scores], { axis: -1 }), values]);
    const joined = graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return product(graph.node('Reshape', [joined, graph.wholes([0, 0, width])]), width, width);
  };
  const table = graph.floats(graph.randoms(words * width, 1), [words, width]);
  let last = normalized(graph.node('Gather', [table, 'ids']));
  for (let layer = 0; layer < layers; layer += 1) {
    const before = graph.nodes.length;
    const attended = normalized(graph.node('Add', [attention(last), last]));
    const wide = graph.node('Relu', [product(attended, width, hidden)]);
    const next = normalized(graph.node('Add', [product(wide, hidden, width), attended]));
    // Weights are drawn all the same, so that those of the others stay what they are.
    if (kept === undefined || kept.includes(layer)) last = next;
    else graph.nodes.length = before;
  }
  if (classes === undefined) graph.node('Identity', [last], {}, 'vectors');
  else {
    const first = graph.node('Gather', [last, graph.wholes([0], true)], { axis: 1 });
    graph.node('Softmax', [product(first, width, classes)], { axis: -1 }, 'shares');
  }
  const vectors = { name: 'vectors', datatype: 'FP32' as const, shape: ['N', 'L', width] };
  const shares = { name: 'shares', datatype: 'FP32' as const, shape: ['N', classes ?? 0] };
  return {
    inputs: [{ name: 'ids', datatype: 'INT64', shape: ['N', 'L'] }],
    outputs: [classes === undefined ? vectors : shares],
    nodes: graph.nodes,
    initializers: graph.initializers,
  };
}
