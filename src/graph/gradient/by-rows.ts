import { heldBytes } from '../held-bytes.ts';
import type { GraphBuilder } from './graph-builder.ts';

const none = heldBytes(new Uint8Array());
/** Elements of a row's last dimension from which on it takes longer than the Scan does to go to the next. */
const leastWidth = 256;

/** What is made of values of one shape. */
export interface Made {
  /** Of each row a row. */
  readonly rows: readonly string[];
  /** Sums over the first dimension, among others: of all rows together, the sum of those of each. */
  readonly sums: readonly string[];
}

export interface RowOptions {
  /** Values that have the shapes of the sums. @default there are none */
  readonly sumsLike?: readonly string[];
  /** Values that each row reads whole. @default none */
  readonly shared?: readonly string[];
}

/**
 * Adds what `make` does with values that have their first dimension, of rows, alike, each row by itself. Where the graph
 * goes by rows, each goes all of the way before the next, so that what is in between stays in the processor's cache; but
 * not where there are no more than two dimensions, or the last of the first value is small, as rows are too short for it
 * then.
 */
export function byRows(
  graph: GraphBuilder,
  values: readonly string[],
  make: (graph: GraphBuilder, values: readonly string[]) => Made,
  { sumsLike = [], shared = [] }: RowOptions = {},
): Made {
  const types = values.map((value) => graph.type(value));
  const isLong = types.every(({ dataType, shape = [] }) => dataType !== undefined && shape.length > 2);
  const isWide = Number(types[0]?.shape?.at(-1)) >= leastWidth;
  if (!graph.goesByRows || !isLong || !isWide) return make(graph, values);
  const body = graph.inner();
  for (const name of shared) body.declare(name, graph.type(name));
  const before = sumsLike.map((like) => {
    const name = body.name('sum');
    body.declare(name, graph.type(like));
    return name;
  });
  const inputs = types.map(({ dataType, shape }) => {
    const name = body.name('row');
    body.declare(name, { dataType, shape: shape?.slice(1) });
    return name;
  });
  const { rows, sums } = make(body, inputs);
  const after = sums.map((sum, at) => body.op('Add', [before[at] as string, sum]));
  const value = {
    name: 'row',
    nodes: body.nodes,
    initializers: body.initializers,
    sparseInitializers: [],
    inputs: [...before, ...inputs].map((name) => body.value(name)),
    outputs: [...after, ...rows].map((name) => body.value(name)),
    values: [],
    extra: none,
  };
  const zeros = sumsLike.map((like) => graph.zeros(graph.shape(like), like));
  const outputs = graph.ops('Scan', [...zeros, ...values], after.length + rows.length, {
    num_scan_inputs: values.length,
    body: { kind: 'graph', value },
  });
  const [whole, each] = [outputs.slice(0, after.length), outputs.slice(after.length)];
  for (const [at, name] of whole.entries()) graph.declare(name, graph.type(sumsLike[at] as string));
  for (const [at, name] of each.entries()) {
    const { dataType, shape } = body.type(rows[at] as string);
    graph.declare(name, { dataType, shape: shape && [types[0]?.shape?.[0], ...shape] });
  }
  return { rows: each, sums: whole };
}
