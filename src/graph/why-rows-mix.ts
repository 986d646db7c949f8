import type { FileTensor, GraphNode, MainGraph } from './main-graph.ts';
import type { RowInputs } from './row-rule.ts';
import { rowRule } from './row-rules.ts';
import type { RowValue } from './row-value.ts';
import { sameRule } from './same-rules.ts';
import { sizeRule } from './size-rules.ts';

/**
 * Why rows of a graph's inputs might not be answered each for itself when they share a run; undefined where they are.
 *
 * Follows the rows through the graph, by what ONNX's operators are known to do. What is not known to keep them apart
 * counts as mixing them: an answer must not depend on another caller's data. Source: ONNX's operator list, opset 24,
 * and that of ai.onnx.ml, version 4.
 */
export function whyRowsMix({
  inputs,
  initializers,
  nodes,
  outputs,
  opset,
  hasFunctions,
}: MainGraph): string | undefined {
  if (outputs.length === 0) return 'it has no outputs';
  if (hasFunctions) return 'it defines operators of its own';
  const values = new Map<string, RowValue>();
  for (const [name, rank] of inputs) if (rank !== undefined && rank > 0) values.set(name, { kind: 'rows', rank });
  for (const [name, tensor] of initializers) values.set(name, sameTensor(tensor));
  for (const node of nodes) {
    const given = node.inputs.map((name) => (name === '' ? undefined : values.get(name)));
    const areKnown = node.inputs.every((name, index) => name === '' || given[index]);
    const results = areKnown && !node.hasGraph ? follow(node, given, opset) : undefined;
    if (!results) return `${node.operator} is not known to keep its rows apart here`;
    for (const [index, name] of node.outputs.entries()) {
      const result = results[index];
      if (name !== '' && result) values.set(name, result);
    }
  }
  const other = outputs.find((name) => values.get(name)?.kind !== 'rows');
  return other === undefined ? undefined : `output '${other}' is not known to have a row for each of the inputs'`;
}

function follow(node: GraphNode, inputs: RowInputs, opset: number): readonly RowValue[] | undefined {
  if (node.operator === 'Constant') return [constant(node)];
  const given = inputs.filter((input) => input !== undefined);
  if (given.some(({ kind }) => kind === 'rows') && node.operator !== 'Shape') return rowRule(node, inputs, opset);
  const sizes = sizeRule(node, inputs, opset);
  const areSame = given.length > 0 && given.every(({ kind }) => kind === 'same');
  return sizes ?? (areSame && !node.operator.includes('.') ? sameRule(node, inputs) : undefined);
}

function constant({ value, integers }: GraphNode): RowValue {
  if (value) return sameTensor(value);
  const [scalar, list] = [integers.get('value_int'), integers.get('value_ints')];
  if (scalar) return { kind: 'same', shape: [], numbers: scalar };
  return list ? { kind: 'same', shape: [list.length], numbers: list } : { kind: 'same' };
}

function sameTensor({ shape, numbers }: FileTensor): RowValue {
  return { kind: 'same', shape, numbers };
}
