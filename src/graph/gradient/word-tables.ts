import { dataTypes } from '../data-types.ts';
import { namesRead } from '../names-read.ts';
import type { OnnxModel, OnnxNode } from '../onnx-model.ts';
import { operatorOf } from '../operator-of.ts';
import { attributeOf } from './attribute-of.ts';
import { numbersOfInputs } from './numbers-of-inputs.ts';

/**
 * Tables of floats whose rows are asked for by numbers that inputs name, and that are read in no other way, such as the
 * vectors of words: each with these inputs. One that is an output's weights too, say, is none.
 */
export function wordTables({ graph }: OnnxModel): ReadonlyMap<string, ReadonlySet<string>> {
  const numbers = numbersOfInputs(graph);
  const tables = new Map<string, Set<string>>();
  for (const { name, dataType, shape } of graph.initializers.values())
    if (dataType === dataTypes.FLOAT && shape.length === 2) tables.set(name, new Set());
  // As an input it may be given otherwise.
  for (const { name } of [...graph.inputs, ...graph.outputs]) tables.delete(name);
  for (const node of graph.nodes) {
    for (const name of namesRead(node)) {
      const input = isOfRows(node, name) ? numbers.get(node.inputs[1] as string) : undefined;
      if (input === undefined) tables.delete(name);
      else tables.get(name)?.add(input);
    }
  }
  return new Map(Array.from(tables).filter(([, inputs]) => inputs.size > 0));
}

/** Whether all that a node does with a table is to take rows of it. */
function isOfRows(node: OnnxNode, table: string): boolean {
  const axis = attributeOf.whole(node, 'axis') ?? 0;
  return operatorOf(node) === 'Gather' && node.inputs[0] === table && (axis === 0 || axis === -2);
}
