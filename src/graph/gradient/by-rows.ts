import { heldBytes } from '../held-bytes.ts';
import type { GraphBuilder } from './graph-builder.ts';

const none = heldBytes(new Uint8Array());

/**
 * Adds what `make` does with values of one shape, an element at a time. Where the graph goes by rows, each row of the
 * first dimension goes all of the way before the next, so that what is in between stays in the processor's cache; but
 * not where there are no more than two dimensions, whose rows are too short for it.
 */
export function byRows(
  graph: GraphBuilder,
  values: readonly [string, ...string[]],
  make: (graph: GraphBuilder, values: readonly string[]) => string,
): string {
  const [first] = values;
  const types = values.map((value) => graph.type(value));
  const isLong = types.every(({ dataType, shape = [] }) => dataType !== undefined && shape.length > 2);
  if (!graph.goesByRows || !isLong) return make(graph, values);
  const rows = graph.inner();
  const inputs = types.map(({ dataType, shape }) => {
    const name = rows.name('row');
    rows.declare(name, { dataType, shape: shape?.slice(1) });
    return name;
  });
  const output = make(rows, inputs);
  const body = {
    name: 'row',
    nodes: rows.nodes,
    initializers: rows.initializers,
    sparseInitializers: [],
    inputs: inputs.map((name) => rows.value(name)),
    outputs: [rows.value(output)],
    values: [],
    extra: none,
  };
  const whole = graph.op('Scan', values, { num_scan_inputs: values.length, body: { kind: 'graph', value: body } });
  graph.declare(whole, graph.type(first));
  return whole;
}
