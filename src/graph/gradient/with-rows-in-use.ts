import { collectBytes } from '../collect-bytes.ts';
import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxTensor } from '../onnx-model.ts';
import { wordTables } from './word-tables.ts';

/** A model whose tables of words have no rows but those in use. */
export interface ModelOfRows {
  readonly model: OnnxModel;
  /** Of each such table, the numbers that its rows had, rising. */
  readonly rows: ReadonlyMap<string, readonly number[]>;
}

/**
 * A model in which tables of words, of whose rows data names fewer than half, have these rows alone: as words that no
 * data has stay as they are, a step that goes over all of them does so in vain.
 *
 * It gives the same as before for the numbers in use, and fails for all others.
 *
 * @param numbersOf all that the data has for an input; undefined where that is not known, or no whole numbers
 * @param isTrained by the name of a table; others stay whole
 */
export async function withRowsInUse(
  model: OnnxModel,
  numbersOf: (input: string) => ReadonlySet<number> | undefined,
  isTrained: (table: string) => boolean,
): Promise<ModelOfRows> {
  const { graph } = model;
  const names = new Names(model);
  const rows = new Map<string, readonly number[]>();
  const places = new Map<string, string>();
  const initializers = new Map(graph.initializers);
  for (const [name, inputs] of wordTables(model)) {
    const table = graph.initializers.get(name) as OnnxTensor;
    const used = isTrained(name) ? rowsOf(table, Array.from(inputs, numbersOf)) : undefined;
    if (!used) continue;
    const place = names.fresh(`${name}_places`);
    rows.set(name, used);
    places.set(name, place);
    initializers.set(name, await tableOf(table, used));
    initializers.set(place, placesOf(place, table, used));
  }
  const nodes = graph.nodes.flatMap((node) => {
    const [table = '', numbers = ''] = node.inputs;
    const place = places.get(table);
    if (place === undefined) return [node];
    const at = names.fresh(`${node.outputs[0]}_place`);
    return [makeNode('Gather', [place, numbers], [at], { name: at }), { ...node, inputs: [table, at] }];
  });
  return { model: { ...model, graph: { ...graph, nodes, initializers } }, rows };
}

/**
 * Rising; undefined where they are not known, where a number is that of no row, or where they are half of the table or
 * more.
 */
function rowsOf(
  { shape: [count = 0] }: OnnxTensor,
  numbers: readonly (ReadonlySet<number> | undefined)[],
): readonly number[] | undefined {
  const used = new Set<number>();
  for (const known of numbers) {
    if (!known) return undefined;
    // Numbers below 0 count from the end, as Gather has it.
    for (const number of known) used.add(number < 0 ? number + count : number);
  }
  const isTable = Array.from(used).every((row) => row >= 0 && row < count);
  return isTable && 2 * used.size < count ? [...used].sort((a, b) => a - b) : undefined;
}

async function tableOf({ name, dataType, shape, data }: OnnxTensor, rows: readonly number[]): Promise<OnnxTensor> {
  const [count = 0, width = 0] = shape;
  const bytes = data.length / count;
  const [all, some] = [await collectBytes(data), new Uint8Array(rows.length * bytes)];
  for (const [at, row] of rows.entries()) some.set(all.subarray(row * bytes, (row + 1) * bytes), at * bytes);
  return makeTensor(name, dataType, [rows.length, width], some);
}

/**
 * Of each row of a table, its place among those in use; of others, one that there is not, which fails rather than to be
 * silently wrong.
 */
function placesOf(name: string, { shape: [count = 0] }: OnnxTensor, rows: readonly number[]): OnnxTensor {
  const places = new BigInt64Array(count).fill(BigInt(rows.length));
  for (const [at, row] of rows.entries()) places[row] = BigInt(at);
  return makeTensor(name, dataTypes.INT64, [count], new Uint8Array(places.buffer));
}
